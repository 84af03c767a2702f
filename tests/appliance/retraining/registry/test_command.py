"""`manage.py models`: the same services, from the console."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.compliance.models import Approval
from appliance.operations.heartbeat import beat
from appliance.retraining.registry import command_acts
from appliance.retraining.registry.exporting import trusted_keys
from models_store import store
from models_store.card import ModelState
from models_store.intake.bundle import verify_bundle
from tests.appliance.cast import PASSWORD
from tests.appliance.retraining.registry.fake_workshop import FakeWorkshop
from tests.appliance.retraining.registry.made import snapshot
from tests.appliance.retraining.stored import put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fake_workshop(monkeypatch: pytest.MonkeyPatch, workshop: FakeWorkshop) -> FakeWorkshop:
    monkeypatch.setattr(command_acts, "BoxWorkshop", lambda: workshop)
    return workshop


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Types a password where one is asked for."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))


def models(*arguments: str) -> str:
    out = io.StringIO()
    call_command("models", *arguments, stdout=out)
    return out.getvalue().strip()


def answer(*arguments: str) -> Any:
    return json.loads(models(*arguments, "--json"))


def test_the_list_names_each_model_with_its_state(root: Path) -> None:
    assert models("list") == "The store of models is empty."
    store.promote(put(root, "starter", quantization="Q8_0"), root=root)
    head, line = models("list").splitlines()
    assert (head.split()[:3], line.split()[:2]) == (["name", "state", "digest"], ["starter", "production"])
    assert [(row["name"], row["bytes"], row["verdict"]) for row in answer("list")] == [("starter", 7, None)]


def test_a_model_is_shown_by_name_given_name_or_digest(root: Path) -> None:
    digest = put(root, "starter", scores={"F1": 0.9})
    store.copy(digest, "receipts", root=root)
    for name in ("starter", "receipts", digest, digest[:8]):
        assert answer("show", name)["digest"] == digest
    assert "score         F1 0.9" in models("show", "receipts")


def test_loaded_names_the_workers(root: Path) -> None:
    assert models("loaded") == "No worker holds a model now."
    beat("extract@box", pid=1, started_at=timezone.now(), holds=("a" * 64,))
    assert answer("loaded") == {"a" * 64: ["extract@box"]}


def test_a_file_from_anywhere_is_checked_and_brought_in(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "new.gguf"
    source.write_bytes(b"new")
    assert "fit to be brought in" in models("import", str(source), "--check-only")
    assert store.list_models(root=root) == []
    assert answer("import", str(source), "--name", "mine") == {"model": hashlib.sha256(b"new").hexdigest()}
    assert AuditEvent.objects.filter(actor="operator").values_list("action", flat=True).count() == 4


def test_what_is_not_fit_ends_the_command(root: Path, tmp_path: Path) -> None:
    source = tmp_path / "bad.gguf"
    source.write_bytes(b"program")
    with pytest.raises(CommandError, match="can run code"):
        models("import", str(source))
    with pytest.raises(CommandError, match="holds nothing of this name"):
        models("import", str(tmp_path / "nothing"))
    assert store.list_models(root=root) == []


def test_a_bundle_is_written_that_this_box_trusts(root: Path, tmp_path: Path) -> None:
    digest = put(root, "starter")
    facts = answer("export", "starter", str(tmp_path / "a.strongroom"))
    assert facts["bytes"] == (tmp_path / "a.strongroom").stat().st_size
    assert verify_bundle(tmp_path / "a.strongroom", trusted_keys()).model == digest
    with pytest.raises(CommandError, match="cannot be written"):
        models("export", "starter", str(tmp_path / "no folder" / "a.strongroom"))


def test_names_quantizing_measuring_and_removing(root: Path, fake_workshop: FakeWorkshop) -> None:
    digest, on = put(root, "starter", weights="e" * 64), snapshot()
    models("copy", "starter", "receipts")
    assert store.names_of(digest, root=root) == ("receipts",)
    assert [step["quantization"] for step in answer("quantize", "receipts", "--to", "Q4_K_M,Q2_K")["steps"]] == [
        "Q4_K_M",
        "Q2_K",
    ]
    assert "on 2 documents" in models("evaluate", "receipts", "--snapshot", on.digest[:8])
    assert "Removed" in models("remove", "receipts", "--name", "starter", "--reason", "nobody needs it")
    assert (store.list_models(root=root), fake_workshop.done) == ([], ["quantize", "evaluate"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "nothing"), "not_in_store"),
        (("quantize", "starter", "--to", "Q9"), "Q9 is none of"),
        (("quantize", "starter", "--to", "Q4_K_M"), "no_full_precision"),
        (("evaluate", "starter", "--snapshot", "abcdef"), "nothing_to_measure_on"),
        (("remove", "starter", "--name", "other", "--reason", "x"), "name_not_confirmed"),
        (("copy", "starter", "not a name"), "A name has up to 80"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_is_refused_ends_the_command_with_a_sentence(root: Path, arguments: tuple[str, ...], told: str) -> None:
    put(root, "starter")
    with pytest.raises(CommandError, match=told):
        models(*arguments)


def test_a_refusal_for_programs_is_a_line_of_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        models("show", "nothing", "--json")
    assert (ended.value.code, json.loads(capsys.readouterr().err)["code"]) == (1, "not_in_store")


def test_a_promotion_is_asked_for_by_a_person_and_decided_by_another(root: Path, adam: Person, typed: Any) -> None:
    store.promote(put(root, "starter"), root=root)
    digest = put(root, "tuned", state=ModelState.CANDIDATE, verdict={"passed": True, "reasons": []})
    typed(PASSWORD)
    assert "A compliance officer decides" in models("promote", "tuned", "--by", "adam", "--reason", "it is better")
    approval = Approval.objects.get()
    assert (approval.subject, approval.asked_by) == (digest, adam)
    event = AuditEvent.objects.get(action="approval_asked")
    assert (event.actor, event.address) == ("adam", "console")


@pytest.mark.parametrize(("account", "password"), [("adam", "wrong"), ("nobody", PASSWORD), ("clara", PASSWORD)])
def test_nobody_asks_in_the_name_of_another(
    root: Path, adam: Person, clara: Person, typed: Any, account: str, password: str
) -> None:
    put(root, "tuned")
    typed(password)
    with pytest.raises(CommandError):
        models("promote", "tuned", "--by", account, "--reason", "it is better")
    assert Approval.objects.count() == 0


def test_going_back_is_done_at_once(root: Path, adam: Person, typed: Any, db: None) -> None:
    first, second = put(root, "first"), put(root, "second")
    store.promote(first, root=root)
    store.promote(second, root=root)
    typed(PASSWORD)
    assert answer("rollback", "--by", "adam", "--reason", "wrong totals") == {"in_force": first, "instead_of": second}
    assert AuditEvent.objects.get(action="model_rolled_back").actor == "adam"
