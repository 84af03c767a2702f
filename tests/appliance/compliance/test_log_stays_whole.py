"""After holds, deletions and rules the log verifies on another machine, and every change has its one record."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.audit.key_files import make_keys
from appliance.audit.log import first_key, write_log_folder
from appliance.audit.log.folder import VERIFIER
from appliance.audit.log.reconcile import reconcile
from appliance.audit.log.sequencing import begin, integrate, sign
from appliance.compliance.asking import WantedRule, ask_release, ask_retention
from appliance.compliance.deciding import approve
from appliance.compliance.errors import UnderHold
from appliance.compliance.models import Tombstone
from appliance.compliance.retention import keep, run_all
from appliance.documents.models import Document
from appliance.documents.services import retry
from appliance.sealing import keyset
from tests.appliance.compliance.made import asked, deleted, held, second_officer
from tests.appliance.documents.made import receipt_type, to_review, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Settings) -> None:
    settings.KEYS_DIR, settings.SIGNING_KEYS_DIR = tmp_path / "keys", tmp_path / "signing"
    make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id="log-under-test")
    keyset.make(keyset.path())


def verdict(folder: Path) -> str:
    command = [sys.executable, "-I", str(VERIFIER), "log", str(folder), "--key", first_key().line]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return json.loads(done.stdout.splitlines()[-1])["verdict"]


def work_through(clara, olga) -> Document:
    """One of everything; returns the deleted document."""
    otto = second_officer()
    document, other = to_review(clara, b"one\n"), to_review(clara, b"two\n")
    retry(document_id=uploaded(clara, b"one\n").pk, by=clara)
    hold = held(olga, document)
    with pytest.raises(UnderHold):
        asked(clara, document)
    approve(approval_id=ask_release(by=olga, hold_id=hold.pk, reason="Over").pk, by=otto, words="Yes")
    deleted(clara, olga, document)
    held(otto, other)
    rule = ask_retention(by=olga, document_type=receipt_type(), wanted=WantedRule(30), reason="The law")
    approve(approval_id=rule.pk, by=otto, words="Yes")
    run_all()
    keep(by=olga, document_type=receipt_type())
    return document


def test_the_log_verifies_and_every_change_has_one_record(clara, olga, tmp_path):
    writer = begin()
    document = work_through(clara, olga)
    integrate(writer)
    sign(writer)

    # The cast is made without records, so that the log does not know it.
    found = [sentence for sentence in reconcile().findings if not sentence.startswith("Person ")]

    assert Tombstone.objects.filter(pk=document.pk).exists()
    assert (found, verdict(write_log_folder(tmp_path / "log"))) == ([], "ok")


def test_control_a_change_behind_the_logs_back_is_found(clara, olga):
    writer = begin()
    work_through(clara, olga)
    Document.objects.update(version=99)
    integrate(writer)

    assert any("was changed 99 times" in sentence for sentence in reconcile().findings)
