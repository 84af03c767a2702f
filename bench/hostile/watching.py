"""What the files do to the rest of the box: pages that become slow, processes that die, things left behind."""

from __future__ import annotations

import http.client
import os
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.chaos.box import Box, children_of
from bench.hostile.clerk import Clerk

PAGES = ("/documents/", "/documents/rows/", "/documents/?show=aside", "/static/icon.svg")
PAUSE_SECONDS = 0.1
MOST_GROWTH = 50 * 1024 * 1024
MOST_MORE_SOCKETS = 10
"""Connections to the database and of browsers come and go; hostile files must not pile them up."""
PROCESSES = ("web", "worker-read", "worker-upkeep", "beat", "sequencer")
CHILD = "extraction.read.child"


@dataclass
class Pages:
    """How long pages took, in ms, and which were not answered."""

    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20, method="inclusive")[18] if len(self.times) > 1 else 0.0


@contextmanager
def opening_pages(clerk: Clerk) -> Iterator[Pages]:
    """Opens one page after the other while the block runs, as a browser does that asks again and again."""
    pages, over = Pages(), threading.Event()

    def work() -> None:
        turn = 0
        while not over.wait(PAUSE_SECONDS):
            _open(clerk, PAGES[turn % len(PAGES)], pages)
            turn += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield pages
    finally:
        over.set()
        thread.join()


def idle_pages(clerk: Clerk, seconds: float) -> Pages:
    with opening_pages(clerk) as pages:
        time.sleep(seconds)
    return pages


def _open(clerk: Clerk, address: str, pages: Pages) -> None:
    began = time.perf_counter()
    try:
        status = clerk.open(address)
    except (OSError, http.client.HTTPException) as error:
        pages.failures.append(f"{address}: {error!r}")
        return
    if status >= 400:
        pages.failures.append(f"{address}: status {status}")
    pages.times.append((time.perf_counter() - began) * 1000)


@dataclass(frozen=True)
class Look:
    """The box at one moment. `memory` is what the web processes hold, in bytes."""

    numbers: Mapping[str, int | None]
    memory: int
    sockets: int
    readers: int
    files: frozenset[str]


def look_at(box: Box, temporary: Path) -> Look:
    numbers = {name: box.pid(name) for name in PROCESSES}
    web = _family(numbers["web"])
    return Look(
        numbers,
        sum(_memory(pid) for pid in web),
        sum(_sockets(pid) for pid in (*web, *_family(numbers["worker-read"]))),
        sum(_is_reader(pid) for pid in _family(numbers["worker-read"])),
        frozenset(_files(temporary)) | frozenset(_files(box.folder / "var" / "blobs" / "new")),
    )


def died(before: Look, after: Look) -> list[str]:
    """Processes that are not the ones that they were."""
    return [name for name, number in before.numbers.items() if after.numbers[name] != number]


def leftovers(before: Look, after: Look) -> list[str]:
    """What the files have left behind, in words."""
    found = [f"file {name}" for name in sorted(after.files - before.files)]
    if after.readers:
        found.append(f"{after.readers} reading processes")
    if after.memory - before.memory > MOST_GROWTH:
        found.append(f"the web holds {(after.memory - before.memory) >> 20} MiB more")
    if after.sockets - before.sockets > MOST_MORE_SOCKETS:
        found.append(f"{after.sockets - before.sockets} more sockets")
    return found


def _family(pid: int | None) -> Sequence[int]:
    return [] if pid is None else [pid, *children_of(pid)]


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def _sockets(pid: int) -> int:
    count = 0
    for entry in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            count += os.readlink(entry).startswith("socket:")
        except OSError:
            continue
    return count


def _is_reader(pid: int) -> bool:
    try:
        return CHILD.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _files(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from (str(path) for path in folder.rglob("*") if path.is_file())
