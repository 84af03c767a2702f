"""People. One role each (see roles.py)."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from appliance.accounts.roles import Role


class Person(AbstractUser):
    """Someone who logs in. Never deleted, only made inactive, so that the log's names keep their meaning."""

    role = models.CharField(max_length=10, choices=Role.choices, default=Role.CLERK)
    must_change_password = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0, help_text="Counts the audited changes of this person.")

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username
