from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "appliance.accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "People and roles"
