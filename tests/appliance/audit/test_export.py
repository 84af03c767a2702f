from __future__ import annotations

import csv
import hashlib
import io

import pytest

from appliance.audit.actions import Action
from appliance.audit.export import COLUMNS
from appliance.audit.models import AuditEvent
from tests.appliance.audit.made import entry


def test_jsonl_holds_the_stored_bytes_oldest_first(olga, client_for):
    entries = [entry() for _ in range(3)]
    answer = client_for(olga).get("/log/export/jsonl/")

    assert answer.getvalue() == b"".join(bytes(event.record) + b"\n" for event in entries)


def test_csv_holds_a_line_for_each_entry_with_the_digest_of_its_bytes(olga, client_for):
    event = entry(reason="because")
    answer = client_for(olga).get("/log/export/csv/")
    head, line = csv.reader(io.StringIO(answer.getvalue().decode()))
    cells = dict(zip(head, line, strict=True))

    assert tuple(head) == COLUMNS
    assert (cells["person"], cells["action"], cells["reason"]) == ("clara", "logged_in", "because")
    assert cells["record_sha256"] == hashlib.sha256(bytes(event.record)).hexdigest()


def test_export_holds_what_the_filter_lets_through(olga, client_for):
    entry(actor="clara")
    carls = entry(actor="carl")
    answer = client_for(olga).get("/log/export/jsonl/?person=carl")

    assert answer.getvalue() == bytes(carls.record) + b"\n"


def test_export_is_recorded_with_its_count_and_filter_and_does_not_hold_itself(olga, client_for):
    entry(), entry(Action.LOGGED_OUT)
    answer = client_for(olga).get("/log/export/csv/?person=clara")
    exported = AuditEvent.objects.order_by("-pk").first()

    assert (exported.actor, exported.action) == ("olga", "log_exported")
    assert exported.reason == "2 entries as csv: person=clara"
    assert b"log_exported" not in answer.getvalue()


def test_export_is_streamed_as_a_download(olga, client_for):
    answer = client_for(olga).get("/log/export/csv/")

    assert answer.streaming
    assert answer["Content-Disposition"].startswith('attachment; filename="strongroom-log-')


@pytest.mark.parametrize("address", ["/log/export/exe/", "/log/export/csv/?since=never"])
def test_export_that_does_not_exist_is_not_found_and_not_recorded(olga, client_for, address):
    assert client_for(olga).get(address).status_code == 404
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize("who", ["clara", "adam"])
def test_export_is_closed_to_clerks_and_admins(request, client_for, who):
    assert client_for(request.getfixturevalue(who)).get("/log/export/jsonl/").status_code == 403
