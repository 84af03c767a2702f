"""Papers of hospitals, practices and laboratories."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.medical.clinical_summary import write_clinical_summary
from models_store.starter.factory.medical.hospital import write_discharge_summary
from models_store.starter.factory.medical.lab_report import write_lab_report
from models_store.starter.factory.medical.notes.visit_note import write_visit_note
from models_store.starter.factory.medical.papers.prescription import write_prescription
from models_store.starter.factory.medical.papers.radiology_report import write_radiology_report
from models_store.starter.factory.medical.papers.referral_letter import write_referral_letter
from models_store.starter.factory.medical.papers.vaccination_record import write_vaccination_record

WRITERS: dict[str, Writer] = {
    "lab_report": write_lab_report,
    "discharge_summary": write_discharge_summary,
    "clinical_summary": write_clinical_summary,
    "visit_note": write_visit_note,
    "referral_letter": write_referral_letter,
    "prescription": write_prescription,
    "radiology_report": write_radiology_report,
    "vaccination_record": write_vaccination_record,
}
