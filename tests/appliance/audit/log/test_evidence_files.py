"""Folder, selection and proofs as the verifier on another machine sees them: run as a program, nothing shared."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.audit.key_files import make_keys
from appliance.audit.log import (
    NothingSigned,
    RangeNotThere,
    Wanted,
    consistency_text,
    current_key,
    first_key,
    leaf_of,
    log_files,
    proof_of,
    write_log_folder,
    write_selection,
)
from appliance.audit.log.folder import VERIFIER
from appliance.audit.log.rotation import RotationUnderWay, rotate_key
from appliance.audit.log.sequencing import Writer, begin, integrate, sign
from appliance.audit.models import AuditEvent, SigningRequest
from tests.appliance.audit.made import entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, settings: Settings) -> None:
    """Keys may change here, so they are this test's own."""
    settings.KEYS_DIR, settings.SIGNING_KEYS_DIR = tmp_path / "keys", tmp_path / "signing"
    make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id="log-under-test")


def signed_log(count: int) -> Writer:
    writer = begin()
    grow(writer, count)
    return writer


def grow(writer: Writer, count: int) -> None:
    for _ in range(count):
        entry()
    integrate(writer)
    sign(writer)


def verify(*arguments: object, key: str = "") -> dict[str, object]:
    """The last line that the verifier prints."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, arguments), "--key", key or first_key().line]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("count", [1, 254, 300])
def test_verifier_accepts_the_folder(tmp_path, count):
    signed_log(count)
    found = verify("log", write_log_folder(tmp_path / "log"))

    assert (found["verdict"], found["entries"]) == ("ok", count + 1)


def test_control_a_changed_folder_is_refused(tmp_path):
    signed_log(20)
    folder = write_log_folder(tmp_path / "log")
    path = folder / "entries" / "000000.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"actor":"clara"', b'"actor":"clare"', 1))

    found = verify("log", folder)
    assert (found["verdict"], found["index"]) == ("tampered", 1)


def test_folder_and_zip_hold_the_same(tmp_path):
    signed_log(5)
    folder, archive = write_log_folder(tmp_path / "log"), write_log_folder(tmp_path / "log.zip")

    with zipfile.ZipFile(archive) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == dict(log_files())
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        name for name, _ in log_files()
    }


def test_older_copy_in_the_same_folder_is_brought_up_to_date(tmp_path):
    writer = signed_log(1100)
    folder = write_log_folder(tmp_path / "log")
    full = folder / "entries" / "000000.jsonl"
    written = full.stat().st_mtime_ns
    grow(writer, 3)
    write_log_folder(folder, since=1101)

    assert verify("log", folder)["verdict"] == "ok"
    assert full.stat().st_mtime_ns == written


def test_log_without_a_checkpoint_says_so():
    with pytest.raises(NothingSigned):
        list(log_files())


def test_verifier_accepts_a_selection_and_a_whole_range(tmp_path):
    writer = signed_log(300)
    grow(writer, 10)
    some = list(AuditEvent.objects.filter(pk__gt=0).order_by("?")[:40])
    assert verify("selection", write_selection(some, Wanted(0, 311, "forty of them"), tmp_path / "some.zip"))[
        "verdict"
    ] == ("ok")
    whole = AuditEvent.objects.filter(leaf__index__range=(5, 290))
    found = verify("selection", write_selection(whole, Wanted(5, 290, "all", is_complete=True), tmp_path / "whole.zip"))
    assert (found["verdict"], found["entries"]) == ("ok", 286)


def test_range_that_lacks_an_entry_is_not_called_complete(tmp_path):
    signed_log(20)
    events = AuditEvent.objects.filter(leaf__index__range=(5, 10)).exclude(leaf__index=7)

    with pytest.raises(RangeNotThere):
        write_selection(events, Wanted(5, 10, "all", is_complete=True), tmp_path / "range.zip")


def test_only_selections_get_a_signature():
    from appliance.audit.log.signing_requests import answer_requests

    SigningRequest.objects.create(body="strongroom/log-under-test\n7\nAAAA\n")
    SigningRequest.objects.create(body="strongroom/log-under-test selection\nno digests\n")
    answer_requests()

    assert not SigningRequest.objects.exclude(note="").exists()


def test_verifier_accepts_the_proof_of_one_record_and_the_way_from_an_older_checkpoint(tmp_path):
    writer = signed_log(30)
    old = write_log_folder(tmp_path / "old") / "checkpoints"
    event = AuditEvent.objects.filter(leaf__index=17).get()
    grow(writer, 300)
    new = write_log_folder(tmp_path / "new") / "checkpoints"

    proof = proof_of(event)
    (tmp_path / "x.json").write_bytes(proof.record)
    (tmp_path / "x.tlog-proof").write_text(proof.text)
    assert verify("proof", tmp_path / "x.json", tmp_path / "x.tlog-proof")["verdict"] == "ok"

    (tmp_path / "way").write_text(consistency_text(31, 332))
    found = verify("consistency", old / f"{31:012}.note", new / f"{332:012}.note", tmp_path / "way")
    assert found["verdict"] == "ok"


def test_key_changes_are_signed_by_the_old_key_which_then_goes(tmp_path, settings):
    writer = signed_log(3)
    old = current_key()
    new = rotate_key()
    with pytest.raises(RotationUnderWay):
        rotate_key()
    sign(writer)  # the change is not in the tree yet: the old key still signs, and the new one stays
    assert len(list(settings.SIGNING_KEYS_DIR.iterdir())) == 2
    grow(writer, 2)

    assert current_key() == new != old == first_key()
    assert [path.stem for path in settings.SIGNING_KEYS_DIR.iterdir()] == [new.key_id.hex()]
    assert verify("log", write_log_folder(tmp_path / "log"))["verdict"] == "ok"
    assert leaf_of(AuditEvent.objects.get(action="log_key_changed")) is not None


def test_selection_is_signed_by_the_new_key_after_a_change(tmp_path):
    writer = signed_log(3)
    new = rotate_key()
    grow(writer, 2)
    out = write_selection(AuditEvent.objects.filter(leaf__index__lt=3), Wanted(0, 2, "some"), tmp_path / "s.zip")

    assert verify("selection", out, key=new.line)["verdict"] == "ok"
