"""The programs that do the heavy part of a run, as command lines: none of their libraries is loaded by the worker.

A protocol, so that tests can put small scripts in their place.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from models_store.shelf import ModelFiles
from models_store.starter.factory.pools import SHIPPED

Command = list[str]


@dataclass(frozen=True, slots=True)
class Conversion:
    """`name` goes into the files' own description. `importance`: labels whose texts say which weights matter."""

    merged: Path
    out: Path
    name: str
    quantizations: Sequence[str]
    importance: Path | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """A model and what it is asked. `labels` and `document_type`: None is the fixed made-up set."""

    files: ModelFiles
    out: Path
    context: int
    labels: Path | None = None
    document_type: Path | None = None


class Workshop(Protocol):
    def tuning(self, folder: Path) -> Command: ...

    def converting(self, conversion: Conversion) -> Command: ...

    def converting_adapter(self, adapter: Path, base: Path, out: Path) -> Command: ...

    def measuring(self, exam: Exam) -> Command: ...

    def teaching(self, texts: Path, document_type: Path, model: Path, out: Path) -> Command: ...


class ModelsStoreWorkshop:
    """The programs of `models_store`."""

    def tuning(self, folder: Path) -> Command:
        return _module("models_store.tuning", folder)

    def converting(self, conversion: Conversion) -> Command:
        importance: list[object] = ["--importance", conversion.importance] if conversion.importance else []
        return _module(
            "models_store.quantizing",
            conversion.merged,
            conversion.out,
            *("--name", conversion.name),
            *("--quantizations", ",".join(conversion.quantizations)),
            *("--converter", settings.CONVERTER_DIR),
            *("--threads", settings.TRAINING_THREADS),
            *importance,
        )

    def converting_adapter(self, adapter: Path, base: Path, out: Path) -> Command:
        needed = ["--base", base, "--converter", settings.CONVERTER_DIR]
        return _module("models_store.quantizing.adapter", adapter, out, *needed)

    def measuring(self, exam: Exam) -> Command:
        asked: list[object] = ["--factory", SHIPPED]
        if exam.labels and exam.document_type:
            asked = ["--labels", exam.labels, "--type", exam.document_type]
        context = min(exam.context, settings.CONTEXT_TOKENS)
        numbers = ["--context", context, "--threads", settings.TRAINING_THREADS]
        model: list[object] = ["--model", exam.files.model]
        if exam.files.adapter:
            model += ["--adapter", exam.files.adapter]
        return _module("models_store.evaluation", *asked, *model, *numbers, "--out", exam.out)

    def teaching(self, texts: Path, document_type: Path, model: Path, out: Path) -> Command:
        asked: list[object] = ["--labels", texts, "--type", document_type, "--model", model, "--out", out]
        return _module("models_store.tuning.teacher", *asked, "--threads", settings.TRAINING_THREADS)


def _module(name: str, *arguments: object) -> Command:
    return [sys.executable, "-m", name, *(str(argument) for argument in arguments)]
