"""Who may do what, from the tables that the box itself obeys: the roles' grants, and the permission of each page."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from appliance.accounts.models import Person
from appliance.accounts.roles import GRANTS, Permission, Role
from appliance.spreadsheets import harmless

WORDS: dict[Permission, str] = {
    Permission.UPLOAD_DOCUMENTS: "Bring documents in",
    Permission.VIEW_DOCUMENTS: "See documents, their pages and values, and download originals",
    Permission.REVIEW_DOCUMENTS: "Confirm and correct values, choose types, finish reviews",
    Permission.EXPORT_DOCUMENTS: "Export the values of finished documents",
    Permission.DECIDE_CONFLICTS: "Decide between differing answers of other people",
    Permission.ASK_DELETION: "Ask for the deletion of a document",
    Permission.WITHDRAW_DOCUMENTS: "Withdraw a document from training",
    Permission.DECIDE_APPROVALS: "Approve or refuse what somebody else has asked for",
    Permission.MANAGE_HOLDS: "Place legal holds and ask for their release",
    Permission.MANAGE_RETENTION: "See and ask to change how long documents are kept",
    Permission.VIEW_LOG: "Read the log and check it",
    Permission.EXPORT_LOG: "Export the log and its proofs",
    Permission.CHECK_LOG: "Have the log checked, and counter-sign it",
    Permission.VIEW_LINEAGE: "See which documents taught a model, and what it made",
    Permission.VIEW_RIGHTS: "See this table and the dormant accounts",
    Permission.EDIT_DOCUMENT_TYPES: "Make, try and publish document types",
    Permission.VIEW_MODELS: "See the models and check that their weights are sound",
    Permission.ASK_PROMOTION: "Ask to put a model in force",
    Permission.ROLL_BACK_MODELS: "Go back to the model before, alone and at once",
    Permission.MANAGE_MODELS: "Import, export, convert, try out and remove models",
    Permission.TRAIN_MODELS: "See the figures of training data, import labels, train models",
    Permission.VIEW_ERRORS: "See what a model answered wrongly on test documents",
    Permission.MANAGE_PEOPLE: "Make accounts, give roles, reset passwords, switch accounts off",
    Permission.VIEW_HEALTH: "See how the box is",
    Permission.USE_ACCOUNT: "Log in, log out, change one's own password",
}


@dataclass(frozen=True, slots=True)
class RightsRow:
    """One permission: what it lets do, which roles hold it (in the order of `Role`), which pages need it."""

    permission: Permission
    words: str
    granted: tuple[bool, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleHolders:
    role: Role
    active: list[Person]
    switched_off: int


def matrix() -> list[RightsRow]:
    pages: dict[Permission, list[str]] = defaultdict(list)
    for address, permission in _guarded_pages(get_resolver().url_patterns, "/"):
        pages[permission].append(address)
    return [
        RightsRow(
            permission, words, tuple(permission in GRANTS[role] for role in Role), tuple(sorted(pages[permission]))
        )
        for permission, words in WORDS.items()
    ]


def holders() -> list[RoleHolders]:
    """Who has which role; everybody has exactly one."""
    people = list(Person.objects.order_by("username"))
    return [
        RoleHolders(
            role,
            [person for person in people if person.role == role and person.is_active],
            sum(person.role == role and not person.is_active for person in people),
        )
        for role in Role
    ]


def as_csv() -> bytes:
    """Two tables, one below the other; no cell can become a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["permission", "what it allows", *(role.label for role in Role), "pages"])
    for row in matrix():
        granted = ["yes" if held else "no" for held in row.granted]
        writer.writerow([row.permission.value, row.words, *granted, " ".join(row.pages)])
    writer.writerow([])
    writer.writerow(["user name", "name", "role", "may log in", "last log-in"])
    for person in Person.objects.order_by("username"):
        seen = person.last_login.isoformat(timespec="seconds") if person.last_login else "never"
        cells = [person.username, person.get_full_name(), person.get_role_display(), _yes(person.is_active), seen]
        writer.writerow([harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _guarded_pages(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, Permission]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _guarded_pages(pattern.url_patterns, address)
        elif permission := getattr(pattern.callback, "permission", None):
            yield address, permission


def _yes(value: bool) -> str:
    return "yes" if value else "no"
