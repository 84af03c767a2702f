"""Evidence that passes, to be spoilt one rule at a time."""

from __future__ import annotations

from dataclasses import replace

from models_store.evaluation.records import DocumentOutcome, Evaluation
from models_store.gate.evidence import Evidence
from tests.models_store.evaluation.outcomes import document, evaluation, value

DOCUMENTS = 40
FIELDS = ("seller", "day", "total")


def rows(right: dict[str, int]) -> list[dict[str, bool]]:
    """Each field right in so many of the documents, the first ones."""
    return [{field: n < right[field] for field in FIELDS} for n in range(DOCUMENTS)]


def factory(values: int = 50, nulls: int = 30, *, labels: str = "factory") -> Evaluation:
    """100 values and 60 empty fields, so many of them right."""
    documents: list[DocumentOutcome] = [
        *(document(f"v{n}", [value("a", right=n < values)]) for n in range(100)),
        *(document(f"n{n}", [value("b", null=True, right=n < nulls)]) for n in range(60)),
    ]
    return Evaluation(model="m", labels=labels, documents=tuple(documents))


def passing(**changes: object) -> Evidence:
    good = evaluation(rows({"seller": 34, "day": 36, "total": 35}))
    evidence = Evidence(
        candidate=good,
        in_force=evaluation(rows({"seller": 20, "day": 34, "total": 22})),
        full_precision=good,
        factory_candidate=factory(),
        factory_in_force=factory(),
        train_originals=frozenset({"t1", "t2"}),
        near_duplicates=(),
    )
    return replace(evidence, **changes)  # type: ignore[arg-type]


def with_documents(base: Evaluation, **changes: object) -> Evaluation:
    """The first document changed."""
    first, *others = base.documents
    return base.model_copy(update={"documents": (first.model_copy(update=changes), *others)})
