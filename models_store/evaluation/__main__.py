"""Measures a model file on labelled documents, in a process of its own.

    python -m models_store.evaluation --labels test.jsonl --type type.json --model X.gguf --context 4096 --out FILE.json
    python -m models_store.evaluation --factory --model X.gguf --context 4096 --out FILE.json

Each line printed is a JSON object: {"done", "of", "seconds_left"} while it works. FILE.json appears when it is whole.
An error is one line, {"code", "sentence", "next"}, and exit status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError

from extraction.errors import LabelsError, SchemaError, StrongroomError
from extraction.json_schema_import import from_json_schema
from extraction.labels import read_labels
from extraction.language_model import LanguageModel
from extraction.language_model_llama import LlamaCppModel
from extraction.schema import DocumentTypeSpec
from models_store.durable import file_digest
from models_store.evaluation.factory_set import factory_cases
from models_store.evaluation.measure import Case, cases_digest, measure
from models_store.evaluation.records import DocumentOutcome, Evaluation
from models_store.starter.factory.pools import SHIPPED, load_pools

_KIBIBYTE = 1024
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def main() -> None:
    settings = _settings()
    try:
        cases = factory_cases(load_pools(settings.factory)) if settings.factory else _labelled(settings)
        with LlamaCppModel.load(settings.model, context_tokens=settings.context, threads=settings.threads) as loaded:
            model = _adapted(loaded, settings.adapter)
            outcomes = measure(cases, model, on_document=_Progress(len(cases)).told)
            digest = model.digest
        evaluation = Evaluation(
            model=digest,
            labels=cases_digest(cases),
            documents=outcomes,
            memory_bytes=peak_memory(),
            file_bytes=(settings.adapter or settings.model).stat().st_size,
            threads=settings.threads,
        )
        _write(settings.out, evaluation)
    except StrongroomError as error:
        _end(error.code, error.sentence, error.next_step, detail=error.detail)
    except OSError as error:
        _end("disk", f"{error.filename}: {error.strerror}.", "Look at the disk of this box, then start it again.")


def _adapted(model: LlamaCppModel, adapter: Path | None) -> LanguageModel:
    return model.adapted(adapter, digest=file_digest(adapter)) if adapter else model


def peak_memory() -> int:
    """Bytes that this process held at most. What `getrusage` says may be its parent's."""
    found = _PEAK.search(Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found[1]) * _KIBIBYTE if found else 0


class _Progress:
    def __init__(self, of: int) -> None:
        self._of, self._done, self._started = of, 0, time.monotonic()

    def told(self, outcome: DocumentOutcome) -> None:
        self._done += 1
        left = (time.monotonic() - self._started) / self._done * (self._of - self._done)
        _say({"done": self._done, "of": self._of, "seconds_left": round(left, 1)})


def _labelled(settings: argparse.Namespace) -> tuple[Case, ...]:
    if settings.labels is None or settings.type is None:
        raise LabelsError("labels and their type are needed, or the pools of the factory set")
    document_type = read_type(settings.type)
    with settings.labels.open(encoding="utf-8") as lines:
        return tuple(Case(label, document_type) for label in read_labels(lines, settings.labels.parent))


def read_type(path: Path) -> DocumentTypeSpec:
    """Our own form of a document type, or a JSON Schema of an object. Raises SchemaError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        is_json_schema = "properties" in content or "$schema" in content
        return from_json_schema(content) if is_json_schema else DocumentTypeSpec.model_validate(content)
    except (ValidationError, ValueError) as error:
        raise SchemaError(str(error)) from error


def _write(path: Path, evaluation: Evaluation) -> None:
    fresh = path.with_name(f"{path.name}.part")
    fresh.write_text(evaluation.model_dump_json(), encoding="utf-8")
    os.replace(fresh, path)


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _end(code: str, sentence: str, next_step: str, *, detail: str = "") -> NoReturn:
    _say({"code": code, "sentence": sentence, "next": next_step})
    if detail:
        sys.stderr.write(detail + "\n")
    raise SystemExit(1)


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m models_store.evaluation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--labels", type=Path, help="labelled documents, one JSON object a line")
    add("--type", type=Path, help="what is asked: our JSON, or a JSON Schema")
    add("--factory", type=Path, nargs="?", const=SHIPPED, metavar="POOLS", help="the fixed factory set instead")
    add("--model", type=Path, required=True, help="a GGUF file")
    add("--adapter", type=Path, help="an adapter as a GGUF, laid over the model")
    add("--context", type=int, required=True, help="tokens that the model was made for, from its card")
    add("--threads", type=int, default=1)
    add("--out", type=Path, required=True, help="where the outcomes go")
    return parser.parse_args()


if __name__ == "__main__":
    main()
