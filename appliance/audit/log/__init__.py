"""The signed tree over the audit log, as the rest of the box uses it.

    wait_until_integrated(event, seconds=5.0)   until the event is in the tree; raises NotIntegrated
    leaf_of(event)                              its Leaf (index, leaf_hash), None while it waits
    newest_checkpoint()                         the newest Checkpoint, None before the first
    checkpoint_note(checkpoint)                 its note with the witnesses' signatures
    inclusion_path(index, size)                 list of hashes, leaf's sibling first
    consistency_path(old_size, new_size)        list of hashes of RFC 6962 2.1.2
    proof_of(event)                             SingleProof(record, text): <name>.json and <name>.tlog-proof
    consistency_text(old_size, new_size)        the text of a consistency proof
    log_files(), write_log_folder(out)          a whole log; (name, bytes) one by one, or into a folder or *.zip
    selection_files(events, wanted), write_selection(events, wanted, out)   a signed choice of records
    current_key(), first_key()                  PublicKey with .line and .fingerprint
    state()                                     LogState: staged, forged, lag, anchors, for the overview
    errors                                      NotIntegrated, NotInTree, NothingSigned, RangeNotThere, NotSigned

Shapes and texts are those of docs/audit-format.md. Business code writes with `appliance.audit.record` only: acts that
are `Action.is_sensitive` are answered only when they are in the tree, without any code in their views.
"""

from __future__ import annotations

from appliance.audit.log.folder import NothingSigned, log_files, write_log_folder
from appliance.audit.log.key_history import current_key, first_key
from appliance.audit.log.proving import (
    NotInTree,
    SingleProof,
    consistency_path,
    consistency_text,
    inclusion_path,
    leaf_of,
    proof_of,
)
from appliance.audit.log.selection import RangeNotThere, Wanted, selection_files, write_selection
from appliance.audit.log.signing_requests import NotSigned
from appliance.audit.log.state import LogState, checkpoint_note, newest_checkpoint, state
from appliance.audit.log.waiting import NotIntegrated, wait_until_integrated

__all__ = [
    "LogState",
    "NotInTree",
    "NotIntegrated",
    "NotSigned",
    "NothingSigned",
    "RangeNotThere",
    "SingleProof",
    "Wanted",
    "checkpoint_note",
    "consistency_path",
    "consistency_text",
    "current_key",
    "first_key",
    "inclusion_path",
    "leaf_of",
    "log_files",
    "newest_checkpoint",
    "proof_of",
    "selection_files",
    "state",
    "wait_until_integrated",
    "write_log_folder",
    "write_selection",
]
