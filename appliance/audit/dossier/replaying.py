"""Running a stored extraction again: same pages, same schema, same model; what came out then stands beside it."""

from __future__ import annotations

from django.conf import settings

from appliance.audit.dossier.comparing import Comparison, first_parting, pages_changed, value_differences
from appliance.documents import engine
from appliance.documents.models import Extraction
from appliance.documents.stored_pages import load_read_document
from appliance.documents.stored_runs import load_turns, page_digests
from appliance.documents.stored_values import path_text
from extraction.digests import digests_of, engine_text
from extraction.errors import DecodingFailed, ModelUnavailable, SchemaError
from extraction.language_model import LanguageModel
from extraction.pipeline import extract
from extraction.records import FieldValue, ReadDocument
from extraction.transcript import Recorder
from models_store.store import StoreError, files_of

COMPARED = ("prompt", "schema", "grammar")
"""Digests that say whether this release would ask in the same way. The reader is not asked: its pages are stored."""


class Impossible(Exception):
    """Why a run cannot be run again: a stable code, and a sentence with what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def run_again(run: Extraction) -> Comparison:
    """Raises Impossible."""
    read = load_read_document(run.document)
    if not read.pages:
        raise Impossible("pages_gone", "The pages of this document are no longer stored, so nothing can be read again.")
    _refuse_missing_model(run.model_digest)
    try:
        with engine.model_holder.lent(run.model_digest) as model:
            _refuse_other_code(run, model)
            return _compared(run, read, model)
    except ModelUnavailable as error:
        sentence = f"The model of this run cannot be loaded: {error}. Restore the folder of models from a backup."
        raise Impossible("model_damaged", sentence) from error
    except (DecodingFailed, SchemaError) as error:
        raise Impossible("no_answer", f"The model gave no answer this time: {error}.") from error


def _compared(run: Extraction, read: ReadDocument, model: LanguageModel) -> Comparison:
    recorder = Recorder(model)
    again = extract(read, run.type_version.spec, recorder)
    then = load_turns(run)
    return Comparison(
        place=first_parting(then, recorder.turns) if then else None,
        values=value_differences(
            {value.path: (value.raw, value.normal) for value in run.values.order_by("position")},
            {path_text(value.path): _as_stored(value) for value in again.values},
        ),
        pages_changed=pages_changed(run.page_digests, page_digests(read.pages)),
        answers_compared=bool(then),
        engine_then=run.engine,
        engine_now=engine_text(threads=settings.EXTRACT_THREADS),
    )


def _as_stored(value: FieldValue) -> tuple[str | None, str]:
    return value.raw, value.reading.normal if value.reading else ""


def _refuse_missing_model(digest: str) -> None:
    try:
        files_of(digest, root=settings.MODELS_STORE_ROOT)
    except StoreError as error:
        sentence = (
            "The model of this run is no longer in the store. Import the model with this digest again, or restore it "
            f"from a backup: {digest}."
        )
        raise Impossible("model_gone", sentence) from error


def _refuse_other_code(run: Extraction, model: LanguageModel) -> None:
    today = digests_of(run.reader_digest, run.type_version.spec, model)
    changed = [name for name in COMPARED if getattr(run, f"{name}_digest") != getattr(today, name)]
    if changed:
        sentence = (
            "This release asks the model in another way than the one that made the run; changed: "
            f"{', '.join(changed)}. Install the release of that time to replay it."
        )
        raise Impossible("code_changed", sentence)
