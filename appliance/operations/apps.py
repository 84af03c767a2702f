from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "appliance.operations"
    label = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Registers the system checks; makes new database connections give up rights they do not need; makes the Celery
        app the one that `shared_task` finds."""
        from appliance import celery, checks  # noqa: F401
        from appliance.operations import database_roles

        database_roles.listen()
