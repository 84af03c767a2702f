"""What the pages need to write down the verifier's commands for an officer to copy."""

from __future__ import annotations

import time
from dataclasses import dataclass

from appliance.audit.log.key_history import first_key
from appliance.audit.models import Cosignature


@dataclass(frozen=True, slots=True)
class Commands:
    """`fingerprint` is that of the log's first key, which is the one to pin; `now_us` is in microseconds.

    `with_witness`: some checkpoint is counter-signed, so the verifier wants the key of that, too.
    """

    fingerprint: str
    with_witness: bool
    now_us: int


def verifier_commands() -> Commands:
    """Raises KeysMissing."""
    return Commands(first_key().fingerprint, Cosignature.objects.exists(), time.time_ns() // 1000)
