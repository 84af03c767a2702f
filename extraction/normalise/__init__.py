"""From a verbatim span to its normal form. Every reading names the rule that made it; nothing is guessed silently.

normalise(field, raw, document_type) -> readings, best first; none when no rule fits; several when it is ambiguous
dates.py   numbers.py   identifiers.py   around.py (words that stand around a date or number)
"""

from __future__ import annotations

from extraction.normalise.dates import read_date
from extraction.normalise.identifiers import read_identifier
from extraction.normalise.numbers import read_number
from extraction.records import Reading
from extraction.schema import DocumentTypeSpec, FieldSpec, Kind, NormalForm

__all__ = ["RULES_VERSION", "normalise"]

RULES_VERSION = "2"


def normalise(spec: FieldSpec, raw: str, document_type: DocumentTypeSpec) -> tuple[Reading, ...]:
    """All legal readings of `raw`, best first. Any text is answered: what no rule fits has no reading."""
    match spec.kind:
        case Kind.DATE:
            return read_date(raw, languages=document_type.languages, date_order=document_type.date_order)
        case Kind.AMOUNT | Kind.NUMBER:
            return read_number(raw, languages=document_type.languages)
        case Kind.ENUM:
            return (Reading(raw, "option"),)
        case Kind.BOOLEAN:
            return (Reading(raw, "boolean"),)
        case _ if spec.normal_form is NormalForm.NONE:
            return (Reading(" ".join(raw.split()), "verbatim"),)
        case _:
            return read_identifier(raw, spec.normal_form, languages=document_type.languages)
