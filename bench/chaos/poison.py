"""Files that kill, choke or hold up their reader: each is set aside after three attempts, and who stands beside does
not wait for it.

    python -m bench.chaos.poison [--documents 100] [--poison 10] [--every 1.5]

A box of its own, all processes as `make run` starts them. The same number of documents is uploaded twice, one every so
many seconds: first good ones alone, then with poison among them. A poisoned file makes the reading process die, swell
or never end; reading may take 5 seconds here.

`poison_attempts`: attempts that a poisoned file had -> files. `delay_ratio`: median time from upload to review of the
good documents among the poisoned ones, to that of the good ones alone. `others_hurt`: good documents with another end.

The last line is one JSON object. Exit code 0 when each had three attempts and a reason, and the ratio is at most 1.5.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.chaos.box import running_box
from bench.chaos.run import log_in
from bench.chaos.stub.child import KINDS, POISON
from bench.chaos.uploads import Uploads, slip
from bench.chaos.watching import Watch

READING_SECONDS = 5
SETTLING_SECONDS = 900.0
MOST_DELAY = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--poison", type=int, default=10)
    parser.add_argument("--every", type=float, default=1.5)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    configured = {"STRONGROOM_DEMO": "0", "STRONGROOM_READING_TIMEOUT_SECONDS": str(READING_SECONDS)}
    with tempfile.TemporaryDirectory(prefix="poison-") as name, running_box(Path(name), configured) as box:
        uploads, watch = log_in(box), Watch(box)
        _hand_in(uploads, watch, [slip(0)], every=0.0)  # the first document waits for models and programs to be loaded
        alone = _hand_in(uploads, watch, [slip(number) for number in range(asked.documents)], every=asked.every)
        mixed = _hand_in(uploads, watch, _mixed(asked.documents, asked.poison), every=asked.every)
        result = _figures(alone, mixed)
    print(json.dumps(result))
    return 0 if _is_kept(result, asked.poison) else 1


def _mixed(documents: int, poison: int) -> list[bytes]:
    """Poison at even distances, its kinds in turn."""
    contents = [slip(number) for number in range(documents)]
    for number in range(poison):
        kind = KINDS[number % len(KINDS)].encode()
        contents[number * documents // poison] = POISON + kind + b"\n" + slip(number)
    return contents


def _hand_in(uploads: Uploads, watch: Watch, contents: list[bytes], *, every: float) -> dict[str, bytes]:
    """The bytes of each document by its id, when all have come to an end. Raises SystemExit when they do not."""
    handed_in: dict[str, bytes] = {}
    began = time.monotonic()
    for number, content in enumerate(contents):
        time.sleep(max(0.0, began + number * every - time.monotonic()))
        handed_in[uploads.upload(content)] = content
    if not watch.settle(SETTLING_SECONDS):
        raise SystemExit("the documents do not come to an end")
    return handed_in


def _figures(alone: dict[str, bytes], mixed: dict[str, bytes]) -> dict[str, Any]:
    from appliance.documents.models import Document, Job
    from appliance.documents.states import State

    poison = [UUID(name) for name, content in mixed.items() if content.startswith(POISON)]
    good = [UUID(name) for name, content in mixed.items() if not content.startswith(POISON)]
    attempts = Counter(Job.objects.filter(document__in=poison).values_list("attempt", flat=True))
    reasons = Counter(
        Document.objects.filter(pk__in=poison, state=State.QUARANTINED).values_list("error_code", flat=True)
    )
    clean = [UUID(name) for name in alone]
    hurt = Document.objects.filter(pk__in=[*clean, *good]).exclude(state=State.TO_REVIEW).count()
    quiet, beside = _median_seconds(clean), _median_seconds(good)
    return {
        "documents": len(mixed),
        "poison": len(poison),
        "poison_attempts": {str(count): files for count, files in sorted(attempts.items())},
        "poison_reasons": dict(reasons),
        "others_hurt": hurt,
        "median_alone_s": round(quiet, 2),
        "median_beside_s": round(beside, 2),
        "delay_ratio": round(beside / quiet, 2),
    }


def _median_seconds(documents: list[UUID]) -> float:
    """From the upload until the result was stored."""
    from appliance.documents.models import Extraction

    runs = Extraction.objects.filter(document__in=documents).select_related("document")
    return statistics.median((run.created_at - run.document.uploaded_at).total_seconds() for run in runs)


def _is_kept(result: dict[str, Any], poison: int) -> bool:
    set_aside = result["poison_attempts"] == {"3": poison} and sum(result["poison_reasons"].values()) == poison
    return set_aside and not result["others_hurt"] and result["delay_ratio"] <= MOST_DELAY


if __name__ == "__main__":
    sys.exit(main())
