"""Two weeks of an officer with the shipped verifier on her own computer: make a key, check, sign, upload, again."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appliance.audit.log.folder import VERIFIER
from appliance.audit.log.key_history import first_key
from appliance.audit.models import Checkpoint, Cosignature, Leaf
from tests.appliance.audit.made import entry
from tests.appliance.audit.signed import sign_now


class OwnComputer:
    """A folder with what the officer keeps, and the verifier."""

    def __init__(self, place: Path) -> None:
        self.place = place
        (place / "log-key.txt").write_text(f"{first_key().line}\n")

    def run(self, *arguments: str) -> dict[str, object]:
        command = [sys.executable, "-I", str(VERIFIER), *arguments]
        said = subprocess.run(command, cwd=self.place, capture_output=True, check=False)
        return json.loads(said.stdout.splitlines()[-1])

    def keygen(self) -> str:
        """The public key line that the command prints."""
        line = str(self.run("keygen", "--name", "olga", "--secret", "my.key")["message"])
        (self.place / "my.pub").write_text(f"{line}\n")
        return line

    def countersign(self) -> dict[str, object]:
        keep = ("--secret", "my.key", "--seen", "last-seen.note", "--out", "signed.note")
        return self.run("countersign", "strongroom-log.zip", "--key", "log-key.txt", *keep)


@pytest.fixture
def own_computer(db, tmp_path) -> OwnComputer:
    return OwnComputer(tmp_path)


def a_week_passes() -> Checkpoint:
    for _ in range(3):
        entry()
    return sign_now()


def fetch(browser, computer: OwnComputer) -> None:
    content = b"".join(browser.get("/log/folder/").streaming_content)
    (computer.place / "strongroom-log.zip").write_bytes(content)


def upload(browser, computer: OwnComputer):
    file = SimpleUploadedFile("signed.note", (computer.place / "signed.note").read_bytes())
    return browser.post("/log/countersign/", {"note": file}, follow=True)


def test_two_weeks_of_counter_signing(olga, client_for, own_computer):
    browser = client_for(olga)
    line = own_computer.keygen()
    assert "is registered" in browser.post("/log/countersign/key/", {"key_line": line}, follow=True).text
    for _ in range(2):
        checkpoint = a_week_passes()
        fetch(browser, own_computer)
        answer = own_computer.countersign()
        assert answer["verdict"] == "ok", answer
        assert f"over {checkpoint.size} entries is kept" in upload(browser, own_computer).text
    a_week_passes()
    fetch(browser, own_computer)
    log = ("log", "strongroom-log.zip", "--key", "log-key.txt", "--anchor", "last-seen.note")
    answer = own_computer.run(*log, "--witness", "my.pub")

    assert answer["verdict"] == "ok", answer
    assert f"Counter-signed by olga up to {checkpoint.size}" in answer["message"]
    assert own_computer.run(*log)["kind"] == "not_pinned"
    assert Cosignature.objects.count() == 2


def test_what_others_get_needs_the_logs_key_alone(olga, client_for, own_computer):
    """Also when the newest checkpoint is counter-signed."""
    browser = client_for(olga)
    browser.post("/log/countersign/key/", {"key_line": own_computer.keygen()})
    a_week_passes()
    fetch(browser, own_computer)
    own_computer.countersign()
    upload(browser, own_computer)
    event = Leaf.objects.get(index=1).event_id
    for name, address in (("selection.zip", "/log/export/signed/"), ("proof.zip", f"/log/events/{event}/proof/")):
        (own_computer.place / name).write_bytes(b"".join(browser.get(address).streaming_content))
    zipfile.ZipFile(own_computer.place / "proof.zip").extractall(own_computer.place)

    assert Cosignature.objects.count() == 1
    assert own_computer.run("selection", "selection.zip", "--key", "log-key.txt")["verdict"] == "ok"
    proof = own_computer.run("proof", "entry-1.json", "entry-1.tlog-proof", "--key", "log-key.txt")
    assert proof["verdict"] == "ok"


def test_control_a_log_that_was_replaced_is_not_signed_again(olga, client_for, own_computer):
    browser = client_for(olga)
    own_computer.keygen()
    a_week_passes()
    fetch(browser, own_computer)
    assert own_computer.countersign()["verdict"] == "ok"
    seen = own_computer.place / "last-seen.note"
    size = Checkpoint.objects.first().size
    seen.write_text(seen.read_text().replace(f"\n{size}\n", f"\n{size + 90}\n", 1))
    a_week_passes()
    fetch(browser, own_computer)

    assert own_computer.countersign()["verdict"] != "ok"
