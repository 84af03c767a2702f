from __future__ import annotations

from django.apps import AppConfig


class DocumentTypesConfig(AppConfig):
    name = "appliance.document_types"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Document types"
