"""Every URL of the box stands in this table, and answers each role as the table of roles says.

A new URL fails here until somebody writes down which permission it needs.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from appliance.accounts.roles import GRANTS, Permission, Role, may
from appliance.audit.models import AuditEvent

P = Permission
OPEN = {"accounts:login", "accounts:logout", "operations:healthz"}
NEEDS: dict[str, Permission] = {
    "home": P.USE_ACCOUNT,
    "accounts:password": P.USE_ACCOUNT,
    "accounts:people": P.MANAGE_PEOPLE,
    "accounts:person": P.MANAGE_PEOPLE,
    "accounts:person_new": P.MANAGE_PEOPLE,
    "accounts:person_password": P.MANAGE_PEOPLE,
    "audit:log": P.VIEW_LOG,
    "audit:event": P.VIEW_LOG,
    "audit:timeline": P.VIEW_LOG,
    "audit:evidence": P.VIEW_LOG,
    "audit:evidence_of_value": P.VIEW_LOG,
    "audit:export": P.EXPORT_LOG,
    "audit:overview": P.VIEW_LOG,
    "audit:verify": P.CHECK_LOG,
    "audit:checkpoints": P.VIEW_LOG,
    "audit:paper": P.VIEW_LOG,
    "audit:paper_of": P.VIEW_LOG,
    "audit:checkpoint_note": P.EXPORT_LOG,
    "audit:countersign": P.CHECK_LOG,
    "audit:witness_new": P.CHECK_LOG,
    "audit:folder": P.EXPORT_LOG,
    "audit:verifier": P.EXPORT_LOG,
    "audit:key": P.EXPORT_LOG,
    "audit:proof": P.EXPORT_LOG,
    "audit:selection": P.EXPORT_LOG,
    "audit:range": P.EXPORT_LOG,
    "dossier:dossier": P.VIEW_LOG,
    "dossier:pdf": P.EXPORT_LOG,
    "dossier:value": P.VIEW_LOG,
    "dossier:crop_of_value": P.VIEW_LOG,
    "dossier:crop_of_decision": P.VIEW_LOG,
    "dossier:ask_replay": P.VIEW_LOG,
    "dossier:replay": P.VIEW_LOG,
    "dossier:model": P.VIEW_LINEAGE,
    "compliance:approvals": P.DECIDE_APPROVALS,
    "compliance:decided": P.DECIDE_APPROVALS,
    "compliance:approval": P.DECIDE_APPROVALS,
    "compliance:withdraw": P.ASK_DELETION,
    "compliance:document": P.VIEW_DOCUMENTS,
    "compliance:deleted": P.DECIDE_APPROVALS,
    "compliance:holds": P.MANAGE_HOLDS,
    "compliance:hold_new": P.MANAGE_HOLDS,
    "compliance:hold": P.MANAGE_HOLDS,
    "compliance:retention": P.MANAGE_RETENTION,
    "compliance:rule": P.MANAGE_RETENTION,
    "compliance:keep": P.MANAGE_RETENTION,
    "compliance:rights": P.VIEW_RIGHTS,
    "compliance:rights_csv": P.VIEW_RIGHTS,
    "compliance:accounts": P.VIEW_RIGHTS,
    "operations:health": P.VIEW_HEALTH,
    "document_types:list": P.EDIT_DOCUMENT_TYPES,
    "document_types:new": P.EDIT_DOCUMENT_TYPES,
    "document_types:import": P.EDIT_DOCUMENT_TYPES,
    "document_types:preview": P.EDIT_DOCUMENT_TYPES,
    "document_types:detail": P.EDIT_DOCUMENT_TYPES,
    "document_types:edit": P.EDIT_DOCUMENT_TYPES,
    "document_types:publish": P.EDIT_DOCUMENT_TYPES,
    "document_types:discard": P.EDIT_DOCUMENT_TYPES,
    "document_types:archive": P.EDIT_DOCUMENT_TYPES,
    "document_types:compare": P.EDIT_DOCUMENT_TYPES,
    "document_types:version": P.EDIT_DOCUMENT_TYPES,
    "document_types:export": P.EDIT_DOCUMENT_TYPES,
    "document_types:try": P.EDIT_DOCUMENT_TYPES,
    "document_types:trial": P.EDIT_DOCUMENT_TYPES,
    "documents:inbox": P.VIEW_DOCUMENTS,
    "documents:rows": P.VIEW_DOCUMENTS,
    "documents:upload": P.UPLOAD_DOCUMENTS,
    "documents:set_type_of_chosen": P.REVIEW_DOCUMENTS,
    "documents:retry_chosen": P.REVIEW_DOCUMENTS,
    "documents:export_chosen": P.EXPORT_DOCUMENTS,
    "documents:set_type": P.REVIEW_DOCUMENTS,
    "documents:retry": P.REVIEW_DOCUMENTS,
    "documents:export": P.EXPORT_DOCUMENTS,
    "documents:original": P.VIEW_DOCUMENTS,
    "documents:thumbnail": P.VIEW_DOCUMENTS,
    "documents:page_image": P.VIEW_DOCUMENTS,
    "review:next": P.REVIEW_DOCUMENTS,
    "review:document": P.VIEW_DOCUMENTS,
    "review:decide": P.REVIEW_DOCUMENTS,
    "review:renew": P.REVIEW_DOCUMENTS,
    "review:release": P.REVIEW_DOCUMENTS,
    "review:finish": P.REVIEW_DOCUMENTS,
    "review:reopen": P.REVIEW_DOCUMENTS,
    "retraining:models": P.VIEW_MODELS,
    "retraining:model": P.VIEW_MODELS,
    "retraining:ask_promotion": P.ASK_PROMOTION,
    "retraining:datasets:overview": P.TRAIN_MODELS,
    "retraining:datasets:conflicts": P.DECIDE_CONFLICTS,
    "retraining:datasets:decide": P.DECIDE_CONFLICTS,
    "retraining:datasets:crop": P.DECIDE_CONFLICTS,
    "retraining:datasets:withdraw": P.WITHDRAW_DOCUMENTS,
    "retraining:datasets:type": P.TRAIN_MODELS,
    "retraining:datasets:snapshot_new": P.TRAIN_MODELS,
    "retraining:datasets:snapshot": P.TRAIN_MODELS,
    "retraining:datasets:export": P.EXPORT_DOCUMENTS,
    "retraining:datasets:import": P.TRAIN_MODELS,
    "retraining:datasets:import_take": P.TRAIN_MODELS,
    "retraining:datasets:import_drop": P.TRAIN_MODELS,
    "retraining:runs:list": P.TRAIN_MODELS,
    "retraining:runs:new": P.TRAIN_MODELS,
    "retraining:runs:settings": P.TRAIN_MODELS,
    "retraining:runs:estimate": P.TRAIN_MODELS,
    "retraining:runs:schedule": P.TRAIN_MODELS,
    "retraining:runs:crop": P.VIEW_ERRORS,
    "retraining:runs:run": P.TRAIN_MODELS,
    "retraining:runs:stop": P.TRAIN_MODELS,
    "retraining:runs:resume": P.TRAIN_MODELS,
    "retraining:runs:discard": P.TRAIN_MODELS,
    "retraining:runs:errors": P.VIEW_ERRORS,
    "retraining:registry:media": P.MANAGE_MODELS,
    "retraining:registry:check": P.MANAGE_MODELS,
    "retraining:registry:upload": P.MANAGE_MODELS,
    "retraining:registry:compare": P.VIEW_MODELS,
    "retraining:registry:work": P.VIEW_MODELS,
    "retraining:registry:job": P.VIEW_MODELS,
    "retraining:registry:stop": P.MANAGE_MODELS,
    "retraining:registry:bring_in": P.MANAGE_MODELS,
    "retraining:registry:name": P.MANAGE_MODELS,
    "retraining:registry:rename": P.MANAGE_MODELS,
    "retraining:registry:quantize": P.MANAGE_MODELS,
    "retraining:registry:measure": P.MANAGE_MODELS,
    "retraining:registry:export": P.MANAGE_MODELS,
    "retraining:registry:remove": P.MANAGE_MODELS,
    "retraining:serving:roll_back": P.ROLL_BACK_MODELS,
    "retraining:serving:roll_back_type": P.ROLL_BACK_MODELS,
    "retraining:serving:try_outs": P.MANAGE_MODELS,
    "retraining:serving:try_out": P.VIEW_MODELS,
    "retraining:serving:end_try_out": P.MANAGE_MODELS,
}
PEOPLE = {Role.CLERK: "clara", Role.OFFICER: "olga", Role.ADMIN: "adam"}


def routes(
    patterns: list[URLPattern | URLResolver], prefix: str = "/", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """(name with its namespace, an address made of example values, pattern) of every URL."""
    for pattern in patterns:
        address = prefix + example(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, address, inner)
        else:
            yield f"{space}{pattern.name}", address, pattern


def example(pattern: URLPattern | URLResolver) -> str:
    route = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        value = "00000000-0000-4000-8000-000000000000" if isinstance(converter, UUIDConverter) else "a" * 64
        value = "1" if isinstance(converter, IntConverter) else value
        start = route.index("<")
        assert route[start : route.index(">")].endswith(name)
        route = route[:start] + value + route[route.index(">") + 1 :]
    return route


ROUTES = list(routes(get_resolver().url_patterns))


def test_every_url_stands_in_the_table():
    assert {name for name, _, _ in ROUTES} == OPEN | set(NEEDS)


@pytest.mark.parametrize(
    ("name", "pattern"), [(name, pattern) for name, _, pattern in ROUTES], ids=lambda x: str(x)[:40]
)
def test_every_view_carries_the_permission_of_the_table(name, pattern):
    assert getattr(pattern.callback, "permission", None) == NEEDS.get(name)


@pytest.mark.parametrize("role", list(Role))
def test_every_url_answers_each_role_as_the_table_says(request, client_for, role):
    """Allowed: anything but 403 (what the examples name does not exist). Not allowed: 403, and an entry in the log."""
    person = request.getfixturevalue(PEOPLE[role])
    browser = client_for(person)
    for name, address, _ in ROUTES:
        if name in OPEN:
            continue
        refused = not may(person, NEEDS[name])
        before = AuditEvent.objects.filter(action="access_refused").count()

        assert (answer(browser, address) == 403) == refused, (name, role)
        assert AuditEvent.objects.filter(action="access_refused").count() - before == int(refused), (name, role)


def test_every_url_sends_strangers_to_the_log_in(db):
    """Or refuses the method before it looks at anything else."""
    for name, address, _ in ROUTES:
        if name not in OPEN:
            got = Client().get(address)

            assert got.status_code == 302, name
            assert got["Location"].startswith("/accounts/login/?next="), name


def test_roles_share_nothing_that_changes_or_shows_the_log():
    """Separation of duties, said once more without the code."""
    log = {P.VIEW_LOG, P.EXPORT_LOG}

    assert log <= GRANTS[Role.OFFICER]
    assert not log & (GRANTS[Role.CLERK] | GRANTS[Role.ADMIN])
    assert not {P.UPLOAD_DOCUMENTS, P.REVIEW_DOCUMENTS, P.EXPORT_DOCUMENTS} & GRANTS[Role.OFFICER]
    assert not {P.VIEW_DOCUMENTS, P.REVIEW_DOCUMENTS, P.EXPORT_DOCUMENTS} & GRANTS[Role.ADMIN]


def answer(browser: Client, address: str) -> int:
    """By GET, or by POST where the address takes no GET."""
    browser.raise_request_exception = False
    status = browser.get(address).status_code
    return browser.post(address).status_code if status == 405 else status
