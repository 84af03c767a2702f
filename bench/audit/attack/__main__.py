"""Is tampering with the audit log refused to the appliance, and seen when a superuser or a thief does it?

    python -m bench.audit.attack [--clean 50] [--bits all] [--only WORDS]

Starts a PostgreSQL of its own in a temporary folder, makes a log with the real sequencer, and
1. tries each kind of tampering as the database role of the appliance, which must be refused, and as superuser, or on
   files with or without a stolen key, which must be detected with the right kind and the right place;
2. makes clean logs in many ways: the verifier and the reconciliation must have nothing to say about any;
3. flips every bit of a log of 200 records, one at a time: each must be detected. The control is a verifier that
   compares the records with nothing: an edited record passes it.

The last line is one JSON object: `kinds`, `detected`, `refusable` (kinds that a role could try on rows), `refused` (to
the role that the appliance's processes take), `refused_to_owner` (by triggers, also to the owner of the tables, which
they log in as), `clean_logs`, `false_alarms`, `bits`, `bits_detected`, `control_is_blind`. Exit code 0 when all is as
it must be; the owner's figure is for information.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from appliance.operations.postgres import ROLE, ROLES
from bench.audit.attack import box as boxes
from bench.audit.attack.box import EMPTY

RECORDS_FOR_BITS = 200
APPLICATION = ROLES[0]


@dataclass
class Figures:
    kinds: int = 0
    detected: int = 0
    refusable: int = 0
    refused: int = 0
    refused_to_owner: int = 0
    clean_logs: int = 0
    false_alarms: int = 0
    bits: int = 0
    bits_detected: int = 0
    control_is_blind: bool = False
    troubles: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        pairs = ((self.kinds, self.detected), (self.refusable, self.refused), (self.bits, self.bits_detected))
        return all(one == other for one, other in pairs) and not self.false_alarms and self.control_is_blind


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="kinds whose name holds these words")
    parser.add_argument("--clean", type=int, default=50, help="how many clean logs")
    parser.add_argument("--bits", default="all", help="all, or how many, drawn with a fixed seed")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped then, too
    folder = Path(tempfile.mkdtemp(prefix="strongroom-attack-"))
    server = boxes.start(folder)
    figures = Figures()
    try:
        box = boxes.Box(server, folder)
        _clean(box, wanted.clean, figures)
        _bits(box, None if wanted.bits == "all" else int(wanted.bits), figures)
        _kinds(box, wanted.only, figures)
    finally:
        boxes.leave(server)
        shutil.rmtree(folder)
    for trouble in figures.troubles:
        print(trouble)
    print(json.dumps({name: value for name, value in vars(figures).items() if name != "troubles"}))
    return 0 if figures.is_good else 1


def _kinds(box: boxes.Box, only: str, figures: Figures) -> None:
    from bench.audit.attack.kinds import all_kinds
    from bench.audit.attack.scene import FULL, make

    box.go_back(EMPTY)
    box.forget_anchors()
    scene = make(box)
    for kind in all_kinds():
        if only not in kind.name:
            continue
        box.go_back(FULL)
        figures.kinds += 1
        words = _tried(box, kind.attempts, figures)
        outcome = kind.forge(scene)
        figures.detected += outcome.is_detected
        seen = f"{outcome.found.kind} at {outcome.found.index}"
        print(f"{kind.name}: {words}; {seen}" if outcome.is_detected else f"{kind.name}: {words}; MISSED: {outcome}")
        sys.stdout.flush()


def _tried(box: boxes.Box, attempts: Sequence[str], figures: Figures) -> str:
    """In words, what became of the attempts of the appliance's own roles."""
    if not attempts:
        return "nothing in the database to refuse"
    passed = [attempt for attempt in attempts if not box.is_refused(attempt, role=APPLICATION)]
    owner = all(box.is_refused(attempt, role=ROLE) for attempt in attempts)
    figures.refusable += 1
    figures.refused += not passed
    figures.refused_to_owner += owner
    return f"NOT refused: {passed}" if passed else "refused" if owner else "refused, though not to the owner"


def _clean(box: boxes.Box, count: int, figures: Figures) -> None:
    from bench.audit.attack.clean import clean_logs

    box.keep(EMPTY)
    for done, report, sentences in clean_logs(box, count):
        figures.clean_logs += 1
        if report.verdict != "ok" or sentences:
            figures.false_alarms += 1
            figures.troubles.append(f"false alarm: {done}: {report} {sentences}")
    print(f"{figures.clean_logs} clean logs, {figures.false_alarms} false alarms", flush=True)


def _bits(box: boxes.Box, at_most: int | None, figures: Figures) -> None:
    from appliance.audit.key_files import first_public_line
    from appliance.audit.log import log_files
    from appliance.audit.verifier.strongroom_verify import Trust, parse_key
    from bench.audit.attack.bits import control_is_blind, flip_bits

    box.go_back(EMPTY)
    box.forget_anchors()
    boxes.act(90)
    first = boxes.sequence(sign=True)
    boxes.act(RECORDS_FOR_BITS - first - 1)
    boxes.sequence(sign=True)
    files = dict(log_files())
    trust = Trust((parse_key(first_public_line()),), at=boxes.now_us())
    flips = flip_bits(files, trust, at_most=at_most, say=print)
    figures.bits, figures.bits_detected = flips.bits, flips.detected
    figures.troubles += [f"bit not detected: {name} {bit}" for name, bit in flips.missed[:20]]
    figures.control_is_blind = control_is_blind(files, trust)
    print(f"{flips.detected} of {flips.bits} bits detected: {flips.kinds}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
