"""Papers of hospitals, practices and laboratories."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.medical.clinical_summary import write_clinical_summary
from models_store.starter.factory.medical.hospital import write_discharge_summary, write_lab_report
from models_store.starter.factory.medical.notes.visit_note import write_visit_note

WRITERS: dict[str, Writer] = {
    "lab_report": write_lab_report,
    "discharge_summary": write_discharge_summary,
    "clinical_summary": write_clinical_summary,
    "visit_note": write_visit_note,
}
