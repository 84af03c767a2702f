"""Convert, weigh by importance, quantize. Every step names the digests before and after it.

A step's file appears under its name when it is complete, then its record beside it: a program that was killed goes on
with the first step that has no record.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from models_store.convert import Importance, Quantization, convert, quantize
from models_store.durable import PART, file_digest, rename, write_json
from models_store.weights import manifest_digest, read_folder

IMPORTANCE_FILE = "importance.safetensors"
WEIGHED = frozenset({Quantization.Q4_K_M, Quantization.Q4_0, Quantization.Q3_K_M, Quantization.Q2_K})
"""Quantizations coarse enough for importance to matter; whether it helps is measured (docs/experiments.md)."""


@dataclass(frozen=True, slots=True)
class Step:
    """`step`: convert, importance or quantize. `before` and `after`: digests of what went in and what came out.
    `fallbacks`: tensors whose shape does not allow the type that was asked for."""

    step: str
    quantization: str
    before: str
    after: str
    bytes: int
    seconds: float
    fallbacks: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """`merged`: folder of weights. `out`: where the files go. `name`: stands in them. `converter`: its folder, or one
    that holds its sources as they were carried here."""

    merged: Path
    out: Path
    name: str
    quantizations: Sequence[Quantization]
    converter: Path
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Weighing:
    """How importance is found: `before` names what it is found from; `find` writes the file it is given, `read` reads
    it back."""

    before: str
    find: Callable[[Path], None]
    read: Callable[[Path], Importance]


def make(request: Request, weighing: Weighing | None = None) -> Iterator[Step]:
    """Does the steps one after the other; a step is told when its file is on the disk.

    Full precision (F16) is made in any case: the others come from it, and are measured against it.
    Raises ConversionFailed or StoreError.
    """
    request.out.mkdir(parents=True, exist_ok=True)
    full = request.out / f"{Quantization.F16.name}.gguf"
    merged = manifest_digest(read_folder(request.merged))
    converted = _step(full, "convert", merged, lambda part: _convert(request, part), quantization="F16")
    yield converted
    found: Importance | None = None
    before = converted.after
    if weighing is not None and WEIGHED.intersection(request.quantizations):
        place = request.out / IMPORTANCE_FILE
        yield (weighed := _step(place, "importance", weighing.before, _counting(weighing.find)))
        found, before = weighing.read(place), f"{converted.after} {weighed.after}"
    for quantization in request.quantizations:
        if quantization is Quantization.F16:
            continue
        is_weighed = found is not None and quantization in WEIGHED
        yield _step(
            request.out / f"{quantization.name}.gguf",
            "quantize",
            before if is_weighed else converted.after,
            _quantizing(request, full, quantization, found if is_weighed else None),
            quantization=quantization.name,
        )


def _convert(request: Request, part: Path) -> int:
    convert(request.merged, part, converter=request.converter, outtype="f16", name=request.name)
    return 0


def _counting(find: Callable[[Path], None]) -> Callable[[Path], int]:
    def work(part: Path) -> int:
        find(part)
        return 0

    return work


def _quantizing(
    request: Request, full: Path, quantization: Quantization, importance: Importance | None
) -> Callable[[Path], int]:
    def work(part: Path) -> int:
        return quantize(full, part, quantization, importance=importance, threads=request.threads).fallbacks

    return work


def _step(target: Path, name: str, before: str, work: Callable[[Path], int], *, quantization: str = "") -> Step:
    """`work` writes the file it is given and returns the number of fallbacks."""
    record = target.with_suffix(".json")
    if done := _read(record, target, before):
        return done
    part, begun = target.with_name(target.stem + PART + target.suffix), time.monotonic()
    fallbacks = work(part)
    rename(part, target)
    size, seconds = target.stat().st_size, round(time.monotonic() - begun, 2)
    step = Step(name, quantization, before, file_digest(target), size, seconds, fallbacks)
    write_json(record, asdict(step))
    return step


def _read(record: Path, target: Path, before: str) -> Step | None:
    """What an earlier run of the program left; None where it is not whole or comes from something else."""
    try:
        step = Step(**json.loads(record.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    is_same = step.before == before and target.is_file() and file_digest(target) == step.after
    return step if is_same else None
