"""A trial: a child process answers, the answer is shown once, nothing stays."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest
from django.urls import reverse

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from appliance.document_types import services, trial
from appliance.document_types.errors import TrialBusy
from appliance.document_types.samples import samples
from appliance.document_types.trial import Child, Running
from appliance.document_types.trial_answer import FAILED, STOPPED, Answer, TriedValue
from extraction.schema import DocumentTypeSpec, FieldSpec
from extraction.shipped_types import shipped_types
from tests.appliance.cast import ClientFor

TICKET = DocumentTypeSpec(name="ticket", fields=(FieldSpec(name="price"),))
PRICE = {
    "field": "price",
    "value": "12.35",
    "raw": "12,35",
    "confidence": 0.914,
    "page": 1,
    "reasons": [{"code": "low_confidence", "sentence": "The model is not sure."}],
}
PRICE_SHOWN = TriedValue("price", "12.35", "12,35", 91, 1, ("The model is not sure.",))


@pytest.fixture(autouse=True)
def run_dir(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.MEMORY_DIR = tmp_path / "run"  # type: ignore[attr-defined]
    return tmp_path / "run"


def child(program: str, *, limit_seconds: float = 20.0) -> Child:
    return Child((sys.executable, "-c", program), limit_seconds)


def printing(answer: object) -> Child:
    return child(f"print({json.dumps(answer)!r})")


def wait_for(token: str) -> Answer | None:
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        found = trial.look(token)
        if not isinstance(found, Running):
            return found
        time.sleep(0.05)
    raise AssertionError("the trial never ended")


def test_a_trial_gives_its_answer_once_and_leaves_nothing(run_dir: Path) -> None:
    told = {"fields": [PRICE], "issues": [{"code": "sum", "sentence": "The lines do not add up.", "paths": []}]}
    token = trial.start(TICKET, "ticket.txt", b"12,35", child=printing(told))
    answer = wait_for(token)
    assert answer is not None
    assert (answer.values, answer.issues, answer.code) == ((PRICE_SHOWN,), ("The lines do not add up.",), "")
    assert trial.look(token) is None
    assert [path.name for path in (run_dir / "trials").iterdir()] == ["lock"]


def test_the_child_gets_the_document_and_the_schema_by_neutral_names() -> None:
    echo = """
import json, pathlib, sys
document, _, schema = sys.argv[1:]
words = pathlib.Path(document).name, pathlib.Path(document).read_text(), json.load(open(schema))["name"]
fields = [{"field": "", "value": w, "raw": w, "confidence": 1, "page": None, "reasons": []} for w in words]
print(json.dumps({"fields": fields, "issues": []}))
"""
    answer = wait_for(trial.start(TICKET, "../../Ada Winter.TXT", b"12,35", child=child(echo)))
    assert answer is not None
    assert [value.raw for value in answer.values] == ["document.txt", "12,35", "ticket"]


def test_a_refusal_comes_with_code_sentence_and_next_step() -> None:
    told = {"code": "empty_file", "sentence": "Empty.", "next_step": "Scan again."}
    program = f"import sys; sys.exit({json.dumps(told)!r})"
    answer = wait_for(trial.start(TICKET, "a.txt", b"", child=child(program)))
    assert answer == Answer(code="empty_file", sentence="Empty.", next_step="Scan again.")


@pytest.mark.parametrize("program", ["raise ValueError('Ada Winter')", "import os; os.abort()", "print('not JSON')"])
def test_a_crash_shows_nothing_of_what_the_child_wrote(program: str) -> None:
    assert wait_for(trial.start(TICKET, "a.txt", b"", child=child(program))) == FAILED


def test_a_trial_that_takes_too_long_is_stopped_with_everything_it_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    program = f"""
import pathlib, subprocess, time
pathlib.Path({str(pid_file)!r}).write_text(str(subprocess.Popen(["sleep", "60"]).pid))
time.sleep(60)
"""
    answer = wait_for(trial.start(TICKET, "a.txt", b"", child=child(program, limit_seconds=4.0)))
    assert answer == STOPPED
    status = Path(f"/proc/{pid_file.read_text()}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"


def test_one_trial_at_a_time(tmp_path: Path) -> None:
    go_on = tmp_path / "go on"
    program = f"import pathlib, time\nwhile not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.05)"
    first = trial.start(TICKET, "a.txt", b"", child=child(program))
    with pytest.raises(TrialBusy):
        trial.start(TICKET, "a.txt", b"")
    go_on.touch()
    assert wait_for(first) == FAILED
    assert wait_for(trial.start(TICKET, "a.txt", b"", child=printing({"fields": [], "issues": []}))) is not None


@pytest.mark.parametrize("token", ["", "..", "../../etc", "a" * 20])
def test_look_knows_only_its_own_tokens(token: str) -> None:
    assert trial.look(token) is None


def test_trying_a_sample_is_recorded_by_digests_alone(adam: Person, client_for: ClientFor) -> None:
    services.create_type(spec=TICKET, by=adam)
    browser = client_for(adam)
    answer = browser.post(reverse("document_types:try", args=["ticket", 1]), {"sample": samples()[0].name})
    assert answer.status_code == 302
    event = AuditEvent.objects.get(action="type_tried")
    assert sorted(json.loads(bytes(event.record))["digests"]) == ["document", "schema"]
    assert samples()[0].name not in bytes(event.record).decode()
    wait_for(browser.session["document_type_trial"])


def test_there_is_a_sample_for_every_shipped_type() -> None:
    assert {spec.name for spec in shipped_types()} <= {sample.type_name for sample in samples()}


def test_a_trial_form_without_a_document_says_so(adam: Person, client_for: ClientFor) -> None:
    services.create_type(spec=TICKET, by=adam)
    answer = client_for(adam).post(reverse("document_types:try", args=["ticket", 1]), {"sample": ""})
    assert (answer.status_code, "Choose a sample above or a file" in answer.content.decode()) == (422, True)


def test_the_answer_is_for_the_browser_that_asked(adam: Person, client_for: ClientFor) -> None:
    services.create_type(spec=TICKET, by=adam)
    url = reverse("document_types:trial", args=["ticket", 1])
    asking, other = client_for(adam), client_for(adam)
    session = asking.session
    session["document_type_trial"] = trial.start(
        TICKET, "a.txt", b"", child=printing({"fields": [PRICE], "issues": []})
    )
    session.save()
    shown = "Reading and extracting"
    while "Reading and extracting" in shown:
        time.sleep(0.05)
        assert "12,35" not in other.get(url).content.decode()
        shown = asking.get(url, headers={"HX-Request": "true"}).content.decode()
    assert ("12,35" in shown, "Done: 1 value." in shown) == (True, True)
    assert "12,35" not in asking.get(url).content.decode()
