"""An evaluation of a model file -> rows: its figures, and each value for the gallery of errors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from appliance.retraining.models import Measured, MeasuredValue, Part, Snapshot, TrainingRun
from appliance.retraining.runs.errors import RunBroken
from models_store.evaluation import Evaluation, summarise

LONGEST_VALUE = 2_000
"""Characters that are kept of a value."""


@dataclass(frozen=True, slots=True)
class About:
    """What was measured. `factory`: its evaluation on the made-up set."""

    snapshot: Snapshot
    role: str
    quantization: str = ""
    run: TrainingRun | None = None
    is_candidate: bool = False


def read_evaluation(path: Path) -> Evaluation:
    """Raises RunBroken."""
    try:
        return Evaluation.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RunBroken(f"{path.name}: {error}") from error


def keep_measured(about: About, evaluation: Evaluation, factory: Evaluation | None = None) -> Measured:
    """In the transaction around it. What was measured before in the same role of the same run is replaced."""
    if about.run is not None:
        Measured.objects.filter(run=about.run, role=about.role).delete()
    measured = Measured.objects.create(
        run=about.run,
        snapshot=about.snapshot,
        model_digest=evaluation.model,
        quantization=about.quantization,
        role=about.role,
        is_candidate=about.is_candidate,
        size=evaluation.file_bytes,
        summary=summarise(evaluation),
        factory_summary=summarise(factory) if factory else {},
    )
    MeasuredValue.objects.bulk_create(_values(measured, evaluation), batch_size=1000)
    return measured


def _values(measured: Measured, evaluation: Evaluation) -> list[MeasuredValue]:
    tested = measured.snapshot.entries.filter(part=Part.TEST).values_list("pk", flat=True)
    entries = {str(pk): pk for pk in tested}  # the id of a label is the number of its entry
    return [
        MeasuredValue(
            measured=measured,
            entry_id=entries[document.id],
            path=value.path[:200],
            expected=_cut(value.expected),
            untrusted_got=_cut(value.got),
            is_exact=value.is_exact,
            is_right=value.is_right,
            confidence=value.confidence,
            regions=[list(region) for region in value.regions],
        )
        for document in evaluation.documents
        if document.id in entries
        for value in document.values
    ]


def _cut(text: str | None) -> str | None:
    return text if text is None else text[:LONGEST_VALUE]
