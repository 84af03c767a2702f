"""The log's public key for the pages: a box whose keys cannot be read must still show its pages and say so."""

from __future__ import annotations

from appliance.audit.key_files import KeysMissing
from appliance.audit.log.key_history import first_key


def key_line_context() -> dict[str, str]:
    """`key_line` and `fingerprint` of the log's first key, which is the one to pin; both empty without keys."""
    try:
        key = first_key()
    except KeysMissing:
        return {"key_line": "", "fingerprint": ""}
    return {"key_line": key.line, "fingerprint": key.fingerprint}
