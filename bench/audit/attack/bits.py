"""Every single bit of a log's files flipped, one at a time: each must be detected, by the verifier as it is.

The files stay in memory. What the verifier computes from unchanged bytes is remembered between two runs (signatures,
records, leaf hashes): it would compute the same again.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.audit.verifier import strongroom_verify as verifier
from appliance.audit.verifier.strongroom_verify import Bundle, Finding, LogCheck, Trust

SAY_EVERY_SECONDS = 60.0
NOT_CHECKED = ("README.txt", "strongroom_verify.py")
"""A convenience, and no evidence: docs/audit-format.md section 4."""


class Held(Bundle):
    """A bundle in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.names = files, set(files)

    def read(self, name: str, longest: int) -> bytes:
        if name not in self.files or len(self.files[name]) > longest:
            raise Finding("not_readable", None, name)
        return self.files[name]


@dataclass
class Flips:
    """`missed` names file and bit of what was not detected; `kinds` counts what was found."""

    bits: int = 0
    detected: int = 0
    missed: list[tuple[str, int]] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)


def flip_bits(files: dict[str, bytes], trust: Trust, *, at_most: int | None, say: Callable[[str], None]) -> Flips:
    """All bits, or `at_most` of them, drawn with a fixed seed. Raises Finding when the log is not in order before."""
    held = {name: content for name, content in files.items() if name not in NOT_CHECKED}
    check = LogCheck(Held(held), trust)
    check.run()
    places = [(name, bit) for name in sorted(held) for bit in range(len(held[name]) * 8)]
    chosen = places if at_most is None else random.Random(1).sample(places, at_most)
    flips, started = Flips(), time.monotonic()
    with _remembering():
        for name, bit in chosen:
            _flip(held, name, bit, trust, flips)
            if time.monotonic() - started > SAY_EVERY_SECONDS:
                started = time.monotonic()
                say(f"{flips.bits} of {len(chosen)} bits, {flips.detected} detected")
    return flips


def _flip(held: dict[str, bytes], name: str, bit: int, trust: Trust, flips: Flips) -> None:
    changed = bytearray(held[name])
    changed[bit // 8] ^= 1 << bit % 8
    kind = _found({**held, name: bytes(changed)}, trust)
    flips.bits += 1
    flips.detected += kind is not None
    flips.kinds[kind or "ok"] = flips.kinds.get(kind or "ok", 0) + 1
    if kind is None:
        flips.missed.append((name, bit))


def _found(files: dict[str, bytes], trust: Trust) -> str | None:
    try:
        LogCheck(Held(files), trust).run()
    except Finding as finding:
        return finding.kind
    return None


class _remembering:  # noqa: N801  reads as a statement: with _remembering()
    """Deterministic functions of the verifier with a memory; a finding is computed anew each time."""

    NAMES = ("ed25519_verify", "parse_record", "leaf_hash", "parse_checkpoint", "node_hash")

    def __enter__(self) -> None:
        self.plain = {name: getattr(verifier, name) for name in self.NAMES}
        for name, function in self.plain.items():
            setattr(verifier, name, functools.lru_cache(maxsize=5000)(function))

    def __exit__(self, *problem: object) -> None:
        for name, function in self.plain.items():
            setattr(verifier, name, function)


class Believing(LogCheck):
    """The control: a verifier that reads the records and compares them with nothing."""

    def check_records(self) -> None:
        for index, untrusted in enumerate(self.entries()):
            self.see(index, verifier.parse_record(untrusted, index, self.log_id))
            self.tree.append(verifier.leaf_hash(untrusted))


def control_is_blind(files: dict[str, bytes], trust: Trust) -> bool:
    """An edited record passes the control and does not pass the verifier: so the comparison is what detects."""
    name = "entries/000000.jsonl"
    edited = {**files, name: files[name].replace(b'"looked at"', b'"looked up"', 1)}
    Believing(Held(edited), trust).run()
    return edited[name] != files[name] and _found(edited, trust) == "leaf_differs"
