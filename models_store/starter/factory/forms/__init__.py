"""Forms: blanks, tick boxes, registers, broadcast orders."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.forms.broadcast.orders import write_broadcast_order
from models_store.starter.factory.forms.papers.certificates import write_certificate
from models_store.starter.factory.forms.papers.consignments import write_bill_of_lading
from models_store.starter.factory.forms.papers.records import write_id_record, write_record_card
from models_store.starter.factory.forms.people.applications import write_application_form, write_questionnaire
from models_store.starter.factory.forms.people.payslips import write_payslip
from models_store.starter.factory.forms.people.returns import write_tax_form
from models_store.starter.factory.forms.registration.statements import write_registration_form

WRITERS: dict[str, Writer] = {
    "broadcast_order": write_broadcast_order,
    "registration_form": write_registration_form,
    "application_form": write_application_form,
    "questionnaire": write_questionnaire,
    "tax_form": write_tax_form,
    "payslip": write_payslip,
    "certificate": write_certificate,
    "id_record": write_id_record,
    "bill_of_lading": write_bill_of_lading,
    "record_card": write_record_card,
}
