"""Evaluations drawn from stated rates, without a model."""

from __future__ import annotations

from collections.abc import Sequence

from models_store.evaluation.records import DocumentOutcome, Evaluation, ValueOutcome


def value(
    field: str, *, right: bool = True, null: bool = False, confidence: float | None = 0.9, extra: bool = False
) -> ValueOutcome:
    expected = None if null or extra else "wanted"
    given = (None if null else "wanted") if right else "other"
    return ValueOutcome(
        path=f"{field}[+0]" if extra else field,
        field=field,
        expected=expected,
        got=given,
        is_right=right,
        is_exact=right,
        confidence=confidence,
        is_extra=extra,
    )


def document(name: str, values: Sequence[ValueOutcome], **more: object) -> DocumentOutcome:
    facts = {"id": name, "original": f"o{name}", "seconds": 0.5, "texts": 1, "verbatim": 1, "values": tuple(values)}
    return DocumentOutcome.model_validate({**facts, **more})


def evaluation(rights: Sequence[dict[str, bool]], *, labels: str = "same", **more: object) -> Evaluation:
    """A document for each dict: field -> right or wrong. Wrong answers are less sure than right ones."""
    documents = [
        document(str(n), [value(name, right=right, confidence=0.9 if right else 0.4) for name, right in row.items()])
        for n, row in enumerate(rights)
    ]
    facts = {"model": "m" * 64, "labels": labels, "documents": documents, "file_bytes": 1000, "memory_bytes": 1}
    return Evaluation.model_validate({**facts, **more})


def with_right(n: int, of: int, *, field: str = "total") -> list[dict[str, bool]]:
    """The first n documents right."""
    return [{field: number < n} for number in range(of)]
