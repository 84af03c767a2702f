"""Reads every file of a folder through a whole box, as a clerk's browser sends it, and says how each one ended.

    python -m bench.hostile [DIR] [--longest 120] [--list]

Without DIR the files of tests/hostile are made and read. The box is one of its own, started as `make run` starts it:
database, web server, workers. No document type is in use in it, so that a document that could be read stops there:
this is about reading, not about the language model. A file has ended when it was refused with a code, read, or set
aside with a code, within 120 s from the moment when its reading began. Meanwhile a browser opens pages; the same
is measured before and after, while the box is idle.

The last line is one JSON object. Exit code 0 when every file ended, nothing crashed, nothing was left behind, and the
p95 of the pages was at most twice that of the idle box.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.chaos.box import Box, running_box
from bench.hostile.clerk import Clerk
from bench.hostile.feeding import LONGEST_SECONDS, Feeder, Outcome, attachments_left
from bench.hostile.files import Found, every_file
from bench.hostile.watching import Look, Pages, died, idle_pages, leftovers, look_at, opening_pages

IDLE_SECONDS = 10.0
MOST_RATIO = 2.0
SETTLING_SECONDS = 3.0
WARM_UP = b"Northgate Clinic\nLaboratory report\nGlucose 5.1 mmol/L\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--longest", type=float, default=LONGEST_SECONDS, help="seconds that a file may take")
    parser.add_argument("--idle", type=float, default=IDLE_SECONDS, help="seconds of measuring the idle box, twice")
    parser.add_argument("--list", action="store_true", help="say of each file how it ended")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        files = list(every_file(chosen.folder or _made(Path(name) / "made")))
        figures = read_all(files, Path(name) / "box", longest=chosen.longest, idle=chosen.idle, list_all=chosen.list)
    print(json.dumps(figures))
    sound = not figures["web_crashes"] and not figures["leftovers"] and figures["ended_clearly"] == figures["files"]
    return 0 if sound and figures["web_p95_ratio"] <= MOST_RATIO else 1


def read_all(files: Sequence[Found], folder: Path, *, longest: float, idle: float, list_all: bool) -> dict[str, Any]:
    """The figures of one run over these files."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, mode=0o777)
    settings = {
        "DJANGO_SETTINGS_MODULE": "appliance.settings",
        "STRONGROOM_DEMO": "false",
        "STRONGROOM_UPLOADS_PER_DAY": "1000000",
        "TMPDIR": str(temporary),
    }
    with running_box(folder, settings) as box:
        clerk, browser = _clerks(box)
        _warm_up(clerk)
        quiet = idle_pages(browser, idle)
        before, feeder, began = look_at(box, temporary), Feeder(clerk, longest_seconds=longest), time.monotonic()
        with opening_pages(browser) as busy:
            feeder.feed(files)
            attached, attached_left = attachments_left()
        seconds = time.monotonic() - began
        time.sleep(SETTLING_SECONDS)
        after = look_at(box, temporary)
        quiet.times.extend(idle_pages(browser, idle).times)
    _tell(feeder.outcome, list_all)
    figures = _figures(feeder.outcome, (before, after), quiet, busy)
    return figures | {"attachments": attached, "attachments_unfinished": attached_left, "seconds": round(seconds)}


def _figures(outcome: Outcome, looks: tuple[Look, Look], quiet: Pages, busy: Pages) -> dict[str, Any]:
    crashes = [*outcome.crashes, *busy.failures, *quiet.failures, *(f"{name} died" for name in died(*looks))]
    left = leftovers(*looks)
    for line in (*crashes, *left, *(f"unfinished: {name!r}" for name in outcome.unfinished)):
        print(line)
    seconds, name = outcome.slowest
    return {
        "files": outcome.files,
        "ended_clearly": outcome.ended_clearly,
        "web_crashes": len(crashes),
        "leftovers": len(left),
        "slowest_s": round(seconds, 1),
        "slowest_file": name,
        "web_p95_idle_ms": round(quiet.p95, 1),
        "web_p95_ms": round(busy.p95, 1),
        "web_p95_ratio": round(busy.p95 / max(quiet.p95, 0.1), 2),
        "web_pages": len(busy.times),
        "web_growth_mib": (looks[1].memory - looks[0].memory) >> 20,
        "states": dict(outcome.states.most_common()),
    }


def _tell(outcome: Outcome, list_all: bool) -> None:
    for path, state in outcome.by_file.items() if list_all else ():
        print(f"{state:<32} {path.decode('utf-8', 'replace')!r}")
    for state, count in outcome.states.most_common():
        print(f"{count:6} {state}")
    share = outcome.ended_clearly / outcome.files if outcome.files else 1.0
    print(f"{share:.1%} of {outcome.files} files ended clearly")


def _clerks(box: Box) -> tuple[Clerk, Clerk]:
    """One uploads, the other one looks on. No document type is in use, so nothing is asked of the model."""
    from appliance.accounts.models import Person
    from appliance.accounts.roles import Role
    from appliance.document_types.models import DocumentType

    DocumentType.objects.update(archived=True)
    people = [Person.objects.create_user(username=f"hostile-{name}", role=Role.CLERK) for name in ("hands", "eyes")]
    return Clerk(box.port, people[0]), Clerk(box.port, people[1])


def _warm_up(clerk: Clerk) -> None:
    """What is loaded once is loaded before the box is looked at: the recogniser of formats, the OCR engine."""
    from tests import samples

    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "letter.txt").write_bytes(WARM_UP)
        (Path(name) / "scan.png").write_bytes(samples.receipt_png())
        Feeder(clerk).feed(every_file(Path(name)))


def _made(folder: Path) -> Path:
    from tests.hostile.every_kind import write_all

    print(f"{write_all(folder)} files made")
    return folder


if __name__ == "__main__":
    raise SystemExit(main())
