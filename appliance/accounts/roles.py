"""Who may do what: three roles, one table, one decorator.

A person has exactly one role, so duties stay apart: an admin cannot read documents or touch the log, an officer reads
everything, alters no document, and decides with a second person what is kept and what is deleted; a clerk works on
documents and does not see the log.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Role(models.TextChoices):
    CLERK = "clerk", "Clerk"
    OFFICER = "officer", "Compliance officer"
    ADMIN = "admin", "Administrator"


class Permission(StrEnum):
    UPLOAD_DOCUMENTS = "upload_documents"
    VIEW_DOCUMENTS = "view_documents"
    REVIEW_DOCUMENTS = "review_documents"
    EXPORT_DOCUMENTS = "export_documents"
    VIEW_LOG = "view_log"
    EXPORT_LOG = "export_log"
    CHECK_LOG = "check_log"
    ASK_DELETION = "ask_deletion"
    DECIDE_APPROVALS = "decide_approvals"
    MANAGE_HOLDS = "manage_holds"
    MANAGE_RETENTION = "manage_retention"
    VIEW_RIGHTS = "view_rights"
    EDIT_DOCUMENT_TYPES = "edit_document_types"
    VIEW_MODELS = "view_models"
    ASK_PROMOTION = "ask_promotion"
    ROLL_BACK_MODELS = "roll_back_models"
    MANAGE_MODELS = "manage_models"
    TRAIN_MODELS = "train_models"
    VIEW_ERRORS = "view_errors"
    DECIDE_CONFLICTS = "decide_conflicts"
    WITHDRAW_DOCUMENTS = "withdraw_documents"
    VIEW_LINEAGE = "view_lineage"
    MANAGE_PEOPLE = "manage_people"
    VIEW_HEALTH = "view_health"
    USE_ACCOUNT = "use_account"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset(
        {
            Permission.UPLOAD_DOCUMENTS,
            Permission.VIEW_DOCUMENTS,
            Permission.REVIEW_DOCUMENTS,
            Permission.EXPORT_DOCUMENTS,
            Permission.DECIDE_CONFLICTS,
            Permission.ASK_DELETION,
            Permission.USE_ACCOUNT,
        }
    ),
    Role.OFFICER: frozenset(
        {
            Permission.VIEW_DOCUMENTS,
            Permission.VIEW_LOG,
            Permission.EXPORT_LOG,
            Permission.CHECK_LOG,
            Permission.VIEW_LINEAGE,
            Permission.ASK_DELETION,
            Permission.WITHDRAW_DOCUMENTS,
            Permission.DECIDE_APPROVALS,
            Permission.MANAGE_HOLDS,
            Permission.MANAGE_RETENTION,
            Permission.VIEW_RIGHTS,
            Permission.USE_ACCOUNT,
        }
    ),
    Role.ADMIN: frozenset(
        {
            Permission.EDIT_DOCUMENT_TYPES,
            Permission.VIEW_MODELS,
            Permission.ASK_PROMOTION,
            Permission.ROLL_BACK_MODELS,
            Permission.MANAGE_MODELS,
            Permission.TRAIN_MODELS,
            Permission.VIEW_ERRORS,
            Permission.VIEW_LINEAGE,
            Permission.MANAGE_PEOPLE,
            Permission.VIEW_RIGHTS,
            Permission.VIEW_HEALTH,
            Permission.USE_ACCOUNT,
        }
    ),
}

View = Callable[..., HttpResponseBase]


def may(person: Any, permission: Permission) -> bool:
    """Whether this person (a Person or Django's AnonymousUser) holds the permission."""
    return bool(person.is_authenticated) and permission in GRANTS[Role(person.role)]


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view. A refusal is recorded in the audit log and answered with 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, permission):
                from appliance.audit.record import record_refusal

                record_refusal(request.path, reason=f"needs {permission}")
                raise PermissionDenied(f"Your role does not include: {permission.replace('_', ' ')}.")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all URLs
        return guarded

    return guard
