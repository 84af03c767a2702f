"""One document, one document type, one model -> one extraction. The stages stand here in order, and nothing else."""

from __future__ import annotations

import time

from extraction.ask import ask
from extraction.decode import absent_values
from extraction.digests import digests_of
from extraction.field_batches import cut_fields, document_tokens
from extraction.finish import finish
from extraction.ground import GroundedValue, WordMap, ground
from extraction.language_model import LanguageModel
from extraction.merge import merge
from extraction.records import Extraction, ReadDocument
from extraction.schema import DocumentTypeSpec
from extraction.validate import validate
from extraction.windows import cut_windows, pages_covered


def extract(document: ReadDocument, document_type: DocumentTypeSpec, model: LanguageModel) -> Extraction:
    """Grounded values, reasons to look at them, and broken rules.

    Raises SchemaError when the type does not fit the model, ModelUnavailable and DecodingFailed when it cannot answer.
    """
    started = time.monotonic()
    words = WordMap(document)
    values: list[GroundedValue] = []
    covered, shown = len(document.pages), 0
    for part in cut_fields(document_type, model):
        room = document_tokens(part, model)
        windows = cut_windows(document, tokens=room, count_tokens=model.count_tokens)
        answers = [ground(ask(model, part, window, document.flat_text), window, document, words) for window in windows]
        values += merge(answers or [_nothing(part)])
        covered, shown = min(covered, pages_covered(document, windows)), max(shown, len(windows))
    fields = finish(values, document_type, words)
    return Extraction(
        values=fields,
        issues=validate(fields, document_type),
        digests=digests_of(document.reader_digest, document_type, model),
        pages_total=len(document.pages),
        pages_covered=covered,
        windows=shown,
        seconds=time.monotonic() - started,
    )


def _nothing(part: DocumentTypeSpec) -> list[GroundedValue]:
    """For a document without words."""
    return [GroundedValue(value.path, value.spec, None, value.certainty) for value in absent_values(part.fields)]
