"""A larger model labels documents that nobody has reviewed: knowledge distillation, by labels that weigh less.

    python -m models_store.tuning.teacher --labels texts.jsonl --type type.json --model X.gguf --out soft.jsonl

texts.jsonl holds {"id", "text"} lines, with "sender" and "original" where they are known. The teacher reads them as
the appliance reads documents, so all it says stands on the page; only what it is sure of is kept, nulls among it. A
document of which it is sure of nothing but nulls is left out. Lines printed are {"done", "of", "seconds_left"}; the
last one tells the figures. An error is one line, {"code", "sentence", "next"}, and exit status 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from pydantic import ValidationError

from extraction.answer import Plain, nested
from extraction.errors import DecodingFailed, SchemaError, StrongroomError
from extraction.labels import Label, path_text, read_labels
from extraction.language_model import LanguageModel
from extraction.language_model_llama import LlamaCppModel
from extraction.pipeline import extract
from extraction.records import FieldValue, ValuePath
from extraction.rows import list_path
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.text_document import document_from_text
from models_store.card import ModelCard
from models_store.store import CARD

WEIGHT = 0.3
"""How much a document that a teacher labelled counts, of one that a person did."""
SURE = 0.9
_LARGEST_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Trust:
    """`sure`: the least confidence of a value or null that is kept; `weight`: of the labels."""

    sure: float = SURE
    weight: float = WEIGHT


@dataclass(slots=True)
class Taught:
    """What a teacher has said. `unsure`: values and nulls that were left out."""

    documents: int = 0
    labelled: int = 0
    values: int = 0
    nulls: int = 0
    unsure: int = 0

    def count(self, said: Sequence[FieldValue], kept: Sequence[FieldValue]) -> None:
        """One document."""
        self.documents += 1
        self.labelled += bool(kept)
        self.values += sum(value.raw is not None for value in kept)
        self.nulls += sum(value.raw is None for value in kept)
        self.unsure += len(said) - len(kept)


def soft_label(
    label: Label, values: Sequence[FieldValue], document_type: DocumentTypeSpec, trust: Trust
) -> dict[str, object] | None:
    """A line of labels in our own form; None where nothing is said that could teach.

    `values`: of `sure_values`.
    """
    if all(value.raw is None for value in values):
        return None
    said = {value.path for value in values}
    spans = {path_text(v.path): [v.span.start, v.span.end] for v in values if v.span is not None}
    return {
        "id": label.id,
        "text": label.text,
        "fields": _kept(nested(values, document_type), document_type.fields, (), said),
        "spans": spans,
        "weight": trust.weight,
        "sender": label.sender,
        "original": label.original,
    }


def sure_values(values: Sequence[FieldValue], trust: Trust) -> list[FieldValue]:
    """Values and nulls that the model is sure of; of a list all or none. Reasons to look at a value are reasons not to
    learn from it."""
    unsure = [value for value in values if value.confidence < trust.sure or value.reasons]
    doubted = {value.path for value in unsure}
    lists = {list_path(value.path) for value in unsure} - {None}
    return [value for value in values if value.path not in doubted and list_path(value.path) not in lists]


def teach(
    labels: Iterable[Label], document_type: DocumentTypeSpec, model: LanguageModel, *, trust: Trust, taught: Taught
) -> Iterator[dict[str, object] | None]:
    """The soft label of each document, None where there is none; `taught` is counted on the way.

    Raises SchemaError or ModelUnavailable. A document that the model gives no answer for has no label.
    """
    for label in labels:
        try:
            values = extract(document_from_text(label.text or ""), document_type, model).values
        except DecodingFailed:
            values = ()
        sure = sure_values(values, trust)
        made = soft_label(label, sure, document_type, trust)
        taught.count(values, sure if made else ())
        yield made


def _kept(
    answer: Mapping[str, Plain], fields: Sequence[FieldSpec], base: ValuePath, said: set[ValuePath]
) -> dict[str, Plain]:
    """The parts of an answer that are among `said`. An empty list has no confidence, so it is not kept."""
    kept: dict[str, Plain] = {}
    for spec in fields:
        path, inner = (*base, spec.name), answer[spec.name]
        if isinstance(inner, dict):
            inner = _kept(inner, spec.fields, path, said)
        if any(one[: len(path)] == path for one in said):
            kept[spec.name] = inner
    return kept


def main() -> None:
    settings = _settings()
    taught = Taught()
    try:
        labels, document_type = _documents(settings.labels), _type(settings.type)
        with (
            LlamaCppModel.load(settings.model, context_tokens=_context(settings), threads=settings.threads) as model,
            settings.out.with_suffix(".part").open("w", encoding="utf-8") as out,
        ):
            trust = Trust(settings.sure, settings.weight)
            _write(teach(labels, document_type, model, trust=trust, taught=taught), out, len(labels))
        settings.out.with_suffix(".part").replace(settings.out)
    except StrongroomError as error:
        _end(error.code, error.sentence, error.next_step)
    except OSError as error:
        _end("disk", f"{error.filename}: {error.strerror}.", "Look at the disk of this box, then start it again.")
    _say(asdict(taught))


def _context(settings: argparse.Namespace) -> int:
    """As asked for, or what the teacher was made for, within bounds."""
    card = settings.model.with_name(CARD)
    if settings.context or not card.is_file():
        return settings.context or _LARGEST_CONTEXT
    return min(_LARGEST_CONTEXT, ModelCard.model_validate_json(card.read_bytes()).context_tokens)


def _documents(path: Path) -> tuple[Label, ...]:
    """Lines that need no fields. Raises LabelsError or OSError."""
    with path.open(encoding="utf-8") as lines:
        return read_labels((_with_fields(line) for line in lines), path.parent)


def _with_fields(line: str) -> str:
    try:
        record = json.loads(line)
    except ValueError:
        return line  # the reader of labels says which line it is
    return json.dumps({**record, "fields": {}}) if isinstance(record, dict) else line


def _type(path: Path) -> DocumentTypeSpec:
    try:
        return DocumentTypeSpec.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise SchemaError(str(error)) from error


def _write(made: Iterable[dict[str, object] | None], out: TextIO, documents: int) -> None:
    begun = time.monotonic()
    for done, label in enumerate(made, start=1):
        if label is not None:
            out.write(json.dumps(label, ensure_ascii=False) + "\n")
        left = (time.monotonic() - begun) / done * (documents - done)
        _say({"done": done, "of": documents, "seconds_left": round(left, 1)})


def _say(record: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _end(code: str, sentence: str, next_step: str) -> NoReturn:
    _say({"code": code, "sentence": sentence, "next": next_step})
    raise SystemExit(1)


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, required=True, help="documents as lines of JSON")
    parser.add_argument("--type", type=Path, required=True, help="the document type, in our form")
    parser.add_argument("--model", type=Path, required=True, help="the teacher, a GGUF")
    parser.add_argument("--out", type=Path, required=True, help="where the labels go, when all are made")
    parser.add_argument("--context", type=int, help="tokens that the teacher can read at once, if not as its card says")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--sure", type=float, default=SURE, help="least confidence of what is kept")
    parser.add_argument("--weight", type=float, default=WEIGHT, help="how much the labels count, of 1")
    return parser.parse_args()


if __name__ == "__main__":
    main()
