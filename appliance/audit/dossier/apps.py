from __future__ import annotations

from django.apps import AppConfig


class DossierConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "appliance.audit.dossier"
    label = "dossier"
