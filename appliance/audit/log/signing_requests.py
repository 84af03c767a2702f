"""Signatures for selections: the pages ask, the sequencer, which alone holds the key, signs.

It signs texts of one form only, and none of them can be taken for a checkpoint: their first line is not the origin.
"""

from __future__ import annotations

import re
import time

from django.conf import settings

from appliance.audit.key_files import log_id, signing_key
from appliance.audit.log.key_history import current_key
from appliance.audit.models import SigningRequest
from appliance.audit.tree.notes import origin_of

_DIGESTS = re.compile(r"(?:[0-9a-f]{64}\n){3}")
_POLL_SECONDS = 0.1
_AT_ONCE = 50


class NotSigned(Exception):
    """The sequencer did not answer in time."""


def selection_body(digests: tuple[str, str, str]) -> str:
    """Digests in hex of manifest.json, entries.jsonl and proofs.jsonl."""
    return f"{origin_of(log_id())} selection\n" + "".join(f"{digest}\n" for digest in digests)


def signed(body: str, *, seconds: float = 10.0) -> str:
    """The signed note over `body`. Raises NotSigned. Not inside of a transaction: nobody sees the request then."""
    request, _ = SigningRequest.objects.get_or_create(body=body)
    deadline = time.monotonic() + seconds
    while not request.note:
        if settings.AUDIT_WAIT == "inline":
            answer_requests()
        elif time.monotonic() > deadline:
            raise NotSigned(
                "The log did not sign within the time allowed. See whether its process runs, and try again."
            )
        else:
            time.sleep(_POLL_SECONDS)
        request.refresh_from_db()
    return request.note


def answer_requests() -> None:
    """Sign what waits; a text of another form is never signed, and stays as evidence of who tried."""
    waiting = SigningRequest.objects.filter(note="", body__startswith=f"{origin_of(log_id())} selection\n")
    for request in waiting.order_by("pk")[:_AT_ONCE]:
        if _DIGESTS.fullmatch(request.body.partition("\n")[2]):
            note = signing_key(current_key().key_id).note(request.body)
            SigningRequest.objects.filter(pk=request.pk, note="").update(note=note.text)
