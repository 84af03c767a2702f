from __future__ import annotations

from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "appliance.sealing"
    label = "sealing"
    verbose_name = "Encryption at rest"
