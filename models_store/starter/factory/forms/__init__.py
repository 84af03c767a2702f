"""Forms: blanks, tick boxes, registers, broadcast orders."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.forms.broadcast.orders import write_broadcast_order
from models_store.starter.factory.forms.people.applications import write_application_form, write_questionnaire
from models_store.starter.factory.forms.registration.statements import write_registration_form

WRITERS: dict[str, Writer] = {
    "broadcast_order": write_broadcast_order,
    "registration_form": write_registration_form,
    "application_form": write_application_form,
    "questionnaire": write_questionnaire,
}
