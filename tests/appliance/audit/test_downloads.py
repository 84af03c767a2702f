"""What is handed out satisfies the shipped verifier, run as an officer runs it: in a process of its own, on files."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appliance.audit.actions import Action
from appliance.audit.log.folder import VERIFIER, log_files
from appliance.audit.log.key_history import first_key
from appliance.audit.models import AuditEvent, Leaf
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import sign_now


def verified(*arguments: object) -> dict[str, object]:
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments), "--key", first_key().line]
    run = subprocess.run(command, capture_output=True, check=False)
    answer = json.loads(run.stdout.splitlines()[-1])
    return answer | {"status": run.returncode}


def saved(answer, path: Path) -> Path:
    assert answer.status_code == 200
    path.write_bytes(b"".join(answer.streaming_content))
    return path


@pytest.fixture
def signed_log(db):
    """Nine entries under two checkpoints, and one that waits."""
    for _ in range(4):
        entry()
    sign_now()
    entry(Action.LOGGED_OUT, actor="carl")
    sign_now()
    entry()


@pytest.fixture
def browser(signed_log, olga, client_for):
    return client_for(olga)


def test_the_log_folder_is_verified_as_it_comes(browser, tmp_path):
    answer = verified("log", saved(browser.get("/log/folder/"), tmp_path / "log.zip"))

    assert (answer["verdict"], answer["status"]) == ("ok", 0)
    assert answer["checkpoints"] == 2


def test_control_a_changed_log_folder_is_not(browser, tmp_path):
    path = saved(browser.get("/log/folder/"), tmp_path / "log.zip")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(tmp_path / "changed.zip", "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(name, content.replace(b'"carl"', b'"clara"') if name.startswith("entries") else content)

    assert verified("log", tmp_path / "changed.zip")["verdict"] == "tampered"


def test_more_checkpoints_take_no_more_queries(signed_log):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert list(log_files())
        return len(captured)

    before = queries()
    for _ in range(5):
        entry()
        sign_now()

    assert queries() == before


def test_a_filtered_selection_is_verified(browser, tmp_path):
    path = saved(browser.get("/log/export/signed/?person=carl"), tmp_path / "selection.zip")
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))

    assert verified("selection", path)["verdict"] == "ok"
    assert (manifest["count"], manifest["complete"], manifest["filter"]) == (1, 0, "person=carl")


def test_a_complete_range_is_verified(browser, tmp_path):
    path = saved(browser.get("/log/export/range/?first=1&last=4"), tmp_path / "range.zip")
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))

    assert verified("selection", path)["verdict"] == "ok"
    assert (manifest["count"], manifest["complete"]) == (4, 1)


@pytest.mark.parametrize(("query", "said"), [
    ("first=4&last=1", "swap the two numbers"), ("first=1", "Give both numbers"), ("", "Give both numbers"),
    ("first=0&last=500", "under a signed checkpoint yet"),
])  # fmt: skip
def test_a_range_that_cannot_be_is_explained(browser, query, said):
    page = browser.get(f"/log/export/range/?{query}", follow=True)

    assert page.redirect_chain[0][0] == "/log/"
    assert said in page.text


def test_before_anything_is_signed_that_is_said(db, olga, client_for):
    for path in ("/log/folder/", "/log/export/signed/", "/log/export/range/?first=0&last=0"):
        assert "Nothing is signed yet" in client_for(olga).get(path, follow=True).text


def test_one_entry_and_its_proof_are_verified(browser, tmp_path):
    leaf = Leaf.objects.get(index=2)
    path = saved(browser.get(f"/log/events/{leaf.event_id}/proof/"), tmp_path / "proof.zip")
    zipfile.ZipFile(path).extractall(tmp_path)
    record, proof = tmp_path / "entry-2.json", tmp_path / "entry-2.tlog-proof"

    assert verified("proof", record, proof)["verdict"] == "ok"
    record.write_bytes(record.read_bytes().replace(b"clara", b"clark"))
    assert verified("proof", record, proof)["verdict"] == "tampered"


def test_an_entry_that_waits_has_no_proof_yet(browser):
    waiting = AuditEvent.objects.filter(leaf=None).first()
    page = browser.get(f"/log/events/{waiting.pk}/proof/", follow=True)

    assert page.redirect_chain[0][0] == f"/log/events/{waiting.pk}/"
    assert "try again in a minute" in page.text


def test_verifier_and_key_are_handed_out(browser):
    assert browser.get("/log/verifier/").content == VERIFIER.read_bytes()
    assert browser.get("/log/key/").content.decode() == f"{first_key().line}\n"


@pytest.mark.parametrize(("path", "action"), [
    ("folder/", "log_exported"), ("export/signed/?person=carl", "log_exported"),
    ("export/range/?first=1&last=2", "log_exported"), ("verifier/", "log_viewed"), ("key/", "log_viewed"),
])  # fmt: skip
def test_what_is_taken_away_is_recorded_before_it_goes(browser, path, action):
    answer = browser.get(f"/log/{path}")
    event = AuditEvent.objects.filter(actor="olga").order_by("-pk").first()

    assert answer.status_code == 200
    assert (event.action, event.object_type) == (action, "log")
