"""A pypdf with known holes behind the walls of the reading process: every file that hurts it ends by a limit.

    python -m bench.hostile.old_pypdf [FOLDER]

pypdf 6.6.0 (January 2026) lacks the repairs of dozens of advisories. It is fetched once into FOLDER (var/old-pypdf),
checked by its digest, and never installed: only the reading process of this bench finds it before the shipped one.
Each file is read four times: inside by the shipped pypdf, inside by the old one, inside by the old one that is asked
for what is known to hurt it, and outside by that one in a process with nothing but a watch on its time and memory,
which is the control. The last line is one JSON object. Exit code 0 when every reading inside ended within its limits
and the control ran into its own at least once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from extraction.errors import ReadingError
from extraction.read.boundary import Ended, parse
from extraction.read.limits import MEBIBYTE, Limits

REPOSITORY = Path(__file__).resolve().parents[2]
WHEEL = "pypdf-6.6.0-py3-none-any.whl"
PINNED = "pypdf==6.6.0"
SHA256 = "bca9091ef6de36c7b1a81e09327c554b7ce51e88dad68f5890c2b4a4417f1fd7"
LIMITS = Limits(base_seconds=10.0, page_seconds=1.0, memory_bytes=1024 * MEBIBYTE)
SLACK_SECONDS = 10.0
WATCH_SECONDS = 10.0
WATCH_BYTES = 2048 * MEBIBYTE
FINE, LIMIT = "fine", "limit"


class NotFetched(Exception):
    """The old pypdf is not here, or not the one that it should be."""


@dataclass(frozen=True, slots=True)
class Attack:
    """`make(n)` gives its files, `reads` is what a program that trusts the old pypdf would ask of them."""

    name: str
    make: Callable[[int], bytes]
    reads: str
    variant: int = 3


@dataclass(frozen=True, slots=True)
class Reading:
    how: str
    seconds: float


def attacks() -> tuple[Attack, ...]:
    from tests.hostile import pdf_streams, pdf_structure, pdf_trees

    return (
        Attack("outline_loop", pdf_structure.outline_loop, "reader.outline"),
        Attack("outline_deep", pdf_structure.outline_deep, "reader.outline"),
        Attack("prev_loop", pdf_structure.prev_loop, "len(reader.pages)"),
        Attack("prev_cycle", pdf_structure.prev_cycle, "len(reader.pages)"),
        Attack("xref_stream_loop", pdf_structure.xref_stream_loop, "len(reader.pages)"),
        Attack("recovery_loop", pdf_structure.recovery_loop, "len(reader.pages)"),
        Attack("page_tree_loop", pdf_trees.page_tree_loop, "len(reader.pages)"),
        Attack("million_pages", pdf_trees.million_pages, "[page for page in reader.pages]", 5),
        Attack("deep_arrays", pdf_structure.deep_arrays, "reader.root_object['/Names']", 7),
        Attack("flate_bomb", pdf_streams.flate_bomb, "reader.pages[0].extract_text()", 5),
        Attack("flate_twice", pdf_streams.flate_twice, "reader.pages[0].extract_text()"),
        Attack("run_length_bomb", pdf_streams.run_length_bomb, "reader.pages[0].extract_text()", 7),
        Attack("unicode_table", pdf_streams.unicode_table, "reader.pages[0].extract_text()", 7),
        Attack("glyph_widths", pdf_streams.glyph_widths, "reader.pages[0].extract_text()", 7),
        Attack("metadata_entities", pdf_structure.metadata_entities, "reader.xmp_metadata.dc_title"),
    )


def fetch(folder: Path) -> Path:
    """The folder that holds the old package, fetched by pip where it is not there yet. Raises NotFetched."""
    wheel = folder / WHEEL
    if not wheel.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary", ":all:", PINNED]
        done = subprocess.run([*command, "--dest", str(folder)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotFetched(f"pip could not fetch {PINNED}: {done.stderr[-500:]}")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise NotFetched(f"{wheel} hashes to {found}, not to {SHA256}: not used.")
    if not (folder / "pypdf" / "__init__.py").is_file():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder


def read_inside(content: bytes, child: Sequence[str] = ()) -> Reading:
    """Through the reading process, by the shipped pypdf or by that of `child`: fine, or the code of the refusal."""
    began = time.monotonic()
    try:
        with closing(parse(content, "pdf", LIMITS, child=child)) as events:
            ended = [event for event in events if isinstance(event, Ended)]
        how = LIMIT if "structure_unreadable" in ended[-1].findings else FINE
    except ReadingError as error:
        how = error.code
    return Reading(how, time.monotonic() - began)


def read_outside(content: bytes, asked: str, folder: Path) -> Reading:
    """By a program that trusts the old pypdf, under a watch: fine, refused by an error of its own, or the limit."""
    program = (
        "import io, resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({WATCH_BYTES}, {WATCH_BYTES}))\n"
        f"sys.path.insert(0, {str(folder)!r})\n"
        "from pypdf import PdfReader\n"
        "reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))\n"
        f"{asked}\n"
    )
    began = time.monotonic()
    try:
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, input=content, capture_output=True, timeout=WATCH_SECONDS, check=False)
        exploded = b"MemoryError" in done.stderr or b"RecursionError" in done.stderr or done.returncode < 0
        how = LIMIT if exploded else FINE if done.returncode == 0 else "error"
    except subprocess.TimeoutExpired:
        how = LIMIT
    return Reading(how, time.monotonic() - began)


def compare(folder: Path, chosen: Sequence[Attack]) -> dict[str, object]:
    """`folder` is what `fetch` returned."""
    front = ("bench.escapes.in_front", str(folder))
    rows = []
    for attack in chosen:
        content = attack.make(attack.variant)
        careless = ("bench.hostile.careless", str(folder), attack.reads)
        row = [read_inside(content, child) for child in ((), front, careless)]
        row.append(read_outside(content, attack.reads, folder))
        names = ("shipped", "old", "careless", "careless outside")
        print(
            f"{attack.name:<18}", *(f"{name} {_told(one)} " for name, one in zip(names, row, strict=True)), flush=True
        )
        rows.append(row)
    most = LIMITS.base_seconds + SLACK_SECONDS
    inside = [one for row in rows for one in row[:3]]
    return {
        "files": len(rows),
        "readings_inside": len(inside),
        "ended_inside": sum(one.seconds < most for one in inside),
        "slowest_inside_s": round(max(one.seconds for one in inside), 1),
        "limits_shipped": sum(row[0].how != FINE for row in rows),
        "limits_old": sum(row[1].how != FINE for row in rows),
        "limits_careless": sum(row[2].how != FINE for row in rows),
        "control_exploded": sum(row[3].how == LIMIT for row in rows),
    }


def _told(reading: Reading) -> str:
    return f"{reading.how:<16} {reading.seconds:5.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=REPOSITORY / "var" / "old-pypdf")
    try:
        figures = compare(fetch(parser.parse_args().folder.resolve()), attacks())
    except NotFetched as error:
        raise SystemExit(str(error)) from error
    print(json.dumps(figures))
    return 0 if figures["ended_inside"] == figures["readings_inside"] and figures["control_exploded"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
