"""One reading in which the planted module tries every act; and what the walls cost at the start of a reading."""

from __future__ import annotations

import json
import statistics
import time
from contextlib import closing
from dataclasses import dataclass

from bench.escapes import scene
from extraction.read.boundary import parse, standing_protections
from extraction.read.limits import Limits
from extraction.read.sandbox.protections import Protection
from extraction.records import Attachment

SHUT_IN = "bench.escapes.in_front"
OPEN = "bench.escapes.without_walls"
CONTAINER = "bench.escapes.without_namespaces"


@dataclass(frozen=True)
class Outcomes:
    """Act -> "" where it succeeded, else why not."""

    of: dict[str, str]

    @property
    def succeeded(self) -> list[str]:
        return sorted(act for act, trouble in self.of.items() if not trouble)


def try_all(launcher: str) -> Outcomes:
    """Read a document with the planted module, by the real boundary. Raises a ReadingError when it does not answer."""
    with scene.opened() as targets:
        child = (launcher, targets.modules)
        with closing(parse(targets.as_document(), "text", Limits(), child=child)) as events:
            (answer,) = (event for event in events if isinstance(event, Attachment))
    return Outcomes(json.loads(answer.untrusted_content))


def protections(launcher: str) -> list[Protection]:
    return sorted(standing_protections(Limits(), child=(launcher, str(scene.PLANTED))))


def start_seconds(rounds: int) -> tuple[float, float]:
    """Medians of starting and ending a reading process: with its walls, and without. By turns, on the same machine."""
    taken: dict[str, list[float]] = {SHUT_IN: [], OPEN: []}
    for _ in range(rounds):
        for launcher, seconds in taken.items():
            began = time.perf_counter()
            protections(launcher)
            seconds.append(time.perf_counter() - began)
    return statistics.median(taken[SHUT_IN]), statistics.median(taken[OPEN])
