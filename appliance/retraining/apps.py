from __future__ import annotations

from django.apps import AppConfig


class RetrainingConfig(AppConfig):
    name = "appliance.retraining"
    label = "retraining"
    verbose_name = "Retraining"
