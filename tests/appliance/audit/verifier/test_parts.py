"""A selection, a single proof, consistency, counter-signing, and the keys: what passes, and what is found."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path

import pytest

from appliance.audit.verifier.strongroom_verify import main, run
from tests.appliance.audit.verifier.conftest import Ask
from tests.appliance.audit.verifier.made_log import MadeLog, Signer, canonical, encoded, made_log, written


@pytest.fixture(scope="module")
def log() -> MadeLog:
    return made_log(120)


@pytest.mark.parametrize("indexes", [[0], [119], [3, 50, 51, 100], list(range(120))], ids=len)
def test_a_selection_in_order_passes(ask: Ask, log: MadeLog, indexes: list[int]) -> None:
    report = ask(log, files=log.selection(indexes), command="selection")
    assert (report.verdict, report.entries) == ("ok", len(indexes))


def test_a_complete_range_passes_and_a_gap_in_it_is_named(ask: Ask, log: MadeLog) -> None:
    whole, gap = log.selection(range(40, 60), is_complete=True), [*range(40, 47), *range(48, 60)]
    assert ask(log, files=whole, command="selection").verdict == "ok"
    report = ask(log, files=log.selection(gap, is_complete=True), command="selection")
    assert (report.verdict, report.kind, report.index) == ("tampered", "range_incomplete", 47)
    report = ask(log, files=log.selection(range(40, 60), is_complete=True, last=60), command="selection")
    assert (report.kind, report.index) == ("range_incomplete", 60)


def test_a_selection_that_was_emptied_is_refused(ask: Ask, log: MadeLog) -> None:
    files = {**log.selection([5]), "entries.jsonl": b"", "proofs.jsonl": b""}
    assert ask(log, files=files, command="selection").kind == "bad_manifest"


def test_a_record_that_was_changed_in_a_selection_is_named(ask: Ask, log: MadeLog) -> None:
    files = log.selection([10, 20, 30])
    files["entries.jsonl"] = files["entries.jsonl"].replace(b'"id":"20"', b'"id":"21"')
    report = ask(log, files=files, command="selection")
    assert (report.verdict, report.kind, report.index) == ("tampered", "bad_proof", 20)


def test_a_record_that_was_left_out_of_a_selection_is_seen_by_its_signature(ask: Ask, log: MadeLog) -> None:
    files, fewer = log.selection([10, 20, 30]), log.selection([10, 30])
    files = {**fewer, "manifest.note": files["manifest.note"]}
    assert ask(log, files=files, command="selection").kind == "bad_manifest"


@pytest.mark.parametrize(
    "changed",
    [{"count": 4}, {"size": 119}, {"complete": 2}, {"first": -1}, {"filter": 3}, {"more": 1}, {"log_id": "other"}],
    ids=str,
)
def test_a_manifest_that_says_something_else_is_refused(ask: Ask, log: MadeLog, changed: dict[str, object]) -> None:
    report = ask(log, files=log.selection([10, 20, 30], **changed), command="selection")
    assert report.verdict == "tampered"


def test_a_proof_too_many_or_too_few_is_refused(ask: Ask, log: MadeLog) -> None:
    files = log.selection([10, 20, 30])
    for proofs in (files["proofs.jsonl"] * 2, files["proofs.jsonl"].splitlines(keepends=True)[0], b""):
        report = ask(log, files=files | {"proofs.jsonl": proofs}, command="selection")
        assert (report.verdict, report.kind) == ("tampered", "bad_proof")


def _proof(tmp_path: Path, log: MadeLog, record: bytes, proof: bytes) -> list[str]:
    written({"r.json": record, "r.tlog-proof": proof}, tmp_path)
    return ["proof", str(tmp_path / "r.json"), str(tmp_path / "r.tlog-proof"), "--key", log.signer.line]


def test_a_single_proof(tmp_path: Path, log: MadeLog) -> None:
    for index in (0, 64, 119):
        assert run(_proof(tmp_path, log, log.records[index], log.proof(index))).verdict == "ok"
    report = run(_proof(tmp_path, log, log.records[63], log.proof(64)))
    assert (report.verdict, report.kind, report.index) == ("tampered", "bad_proof", 64)
    report = run(_proof(tmp_path, log, log.records[64] + b"\n", log.proof(64)))
    assert (report.verdict, report.kind) == ("tampered", "not_canonical")
    other = Signer(log.signer.name, "another key")
    assert run([*_proof(tmp_path, log, log.records[64], log.proof(64))[:-1], other.line]).kind == "wrong_key"


def test_a_node_of_the_tree_passes_for_no_record(tmp_path: Path, log: MadeLog) -> None:
    """Two hashes in a row are what a node is made of: a tree without prefixes would take them for a leaf."""
    node = log.leaves[0] + log.leaves[1]
    steps = log.proof(0).split(b"\n")
    proof = b"\n".join([steps[0], b"index 0", *steps[3:]])
    assert run(_proof(tmp_path, log, node, proof)).verdict == "tampered"


def test_consistency(tmp_path: Path, log: MadeLog) -> None:
    names = {"old": log.notes[50], "new": log.newest}
    written({name: note.encode() for name, note in names.items()}, tmp_path)
    asked = ["consistency", str(tmp_path / "old"), str(tmp_path / "new"), str(tmp_path / "proof")]
    asked += ["--key", log.signer.line]
    (tmp_path / "proof").write_bytes(log.consistency(50, 120))
    assert run(asked).verdict == "ok"
    (tmp_path / "proof").write_bytes(log.consistency(51, 120).replace(b"from 51", b"from 50"))
    report = run(asked)
    assert (report.verdict, report.kind, report.index) == ("tampered", "bad_proof", 50)
    body = log.body(120, bytes(32))
    (tmp_path / "old").write_text(body + "\n" + log.signer.sign(body))
    assert run(asked).kind == "fork"


def test_consistency_needs_the_witness_on_one_of_the_two_checkpoints(tmp_path: Path) -> None:
    log, witness = made_log(120), Signer("officer", kind=4)
    log.notes[50] += witness.cosign(log.body_of(50), log.now // 1_000_000)
    files = {"old": log.notes[50].encode(), "new": log.newest.encode(), "proof": log.consistency(50, 120)}
    folder = written(files, tmp_path)
    asked = ["consistency", *(str(folder / name) for name in files), "--key", log.signer.line]
    assert run(asked).kind == "not_pinned"
    assert run([*asked, "--witness", witness.line]).verdict == "ok"
    assert run([*asked, "--witness", Signer("olga", kind=4).line]).verdict != "ok"


def test_a_false_signature_among_very_many_checkpoints_is_named(ask: Ask) -> None:
    """Many are checked together; one that fails is found by checking each."""
    log = made_log(400, every=4)
    assert len(log.notes) > 90
    assert ask(log).verdict == "ok"
    first, second = (log.notes[size].rpartition("\n\n") for size in (200, 204))
    log.notes[200] = first[0] + "\n\n" + second[2]
    assert (ask(log).kind, ask(log).index) == ("bad_signature", 200)
    # A signature moved into the note beside it: as many as before, and each good for one of the two.
    log.notes[200], log.notes[204] = "".join(first) + second[2], second[0] + "\n\n" + "— olga AAAAAAA=\n"
    assert (ask(log).kind, ask(log).index) == ("bad_signature", 200)


class Officer:
    """Keys and files of an officer who counter-signs in `folder`."""

    def __init__(self, folder: Path, log: MadeLog) -> None:
        self.folder, self.log = folder, log
        self.secret, self.seen, self.out = (str(folder / name) for name in ("secret", "seen.note", "out.note"))
        self.line = run(["keygen", "--name", "officer", "--secret", self.secret]).message

    def sign(self, log: MadeLog) -> int:
        folder = written(log.files(), self.folder / f"log {len(log.records)}")
        arguments = ["countersign", str(folder), "--key", log.signer.line, "--at", str(log.now)]
        return main([*arguments, "--secret", self.secret, "--seen", self.seen, "--out", self.out])


def test_an_officer_counter_signs_a_log_and_its_continuation(tmp_path: Path, ask: Ask) -> None:
    log = made_log(60)
    officer = Officer(tmp_path, log)
    assert stat.S_IMODE(os.stat(officer.secret).st_mode) == 0o600
    assert officer.sign(log) == 0
    signed = Path(officer.out).read_text()
    assert signed.startswith(log.newest)
    assert Path(officer.seen).read_text() == signed
    log.notes[60] = signed
    assert ask(log, "--witness", officer.line).verdict == "ok"
    longer = made_log(60, is_ended=False)
    longer.sign()
    longer.add()
    longer.sign(is_recorded=False)
    assert officer.sign(longer) == 0


def test_an_officer_signs_no_log_that_does_not_continue_the_one_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, shorter = made_log(60), made_log(50)
    officer = Officer(tmp_path, log)
    assert officer.sign(log) == 0
    before = Path(officer.seen).read_bytes()
    assert officer.sign(shorter) == 1
    other = made_log(62, every=20)
    assert officer.sign(other) == 1
    assert [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines() if line[0] == "{"] == [
        None,
        "cut",
        "fork",
    ]
    assert Path(officer.seen).read_bytes() == before


def test_another_implementation_accepts_the_officers_signature(tmp_path: Path) -> None:
    log = made_log(60)
    officer = Officer(tmp_path, log)
    officer.sign(log)
    private = Path(officer.secret).read_text().strip().split("+", 4)
    signer = Signer("officer", kind=4)
    assert private[:3] == ["PRIVATE", "KEY", "officer"]
    body, _, signatures = Path(officer.out).read_text().rpartition("\n\n")
    public = officer.line.split("+", 2)[2]
    signer.public = base64.b64decode(public)[1:]
    assert signer.line == officer.line
    assert signatures.splitlines()[1].startswith(f"— officer {encoded(signer.key_id)[:5]}")
    assert body.startswith(log.signer.name)


def test_a_key_is_not_overwritten_and_has_a_fingerprint(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    made = run(["keygen", "--name", "officer", "--secret", str(secret)])
    before = secret.read_bytes()
    assert run(["keygen", "--name", "officer", "--secret", str(secret)]).verdict == "usage"
    assert secret.read_bytes() == before
    (tmp_path / "public").write_text(made.message + "\n")
    prints = {run(["fingerprint", name]).message for name in (made.message, str(tmp_path / "public"))}
    assert len(prints) == 1
    assert len(prints.pop().split()) == 16


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["unknown"],
        ["log"],
        ["log", "x", "--key", "nonsense"],
        ["log", "x", "--at", "now"],
        ["log", "x", "--witness", Signer("strongroom/test").line],
        ["keygen", "--name", "a b", "--secret", "x"],
        ["keygen", "--name", "strongroom/test", "--secret", "x"],
        ["fingerprint", "x"],
    ],
    ids=str,
)
def test_a_wrong_use_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 3
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["verdict"] == "usage"
    assert last["message"]


def test_a_key_line_with_a_false_id_is_refused() -> None:
    line = Signer("officer").line
    name, key_id, rest = line.split("+", 2)
    assert run(["fingerprint", line]).verdict == "ok"
    assert run(["fingerprint", f"{name}+{int(key_id, 16) ^ 1:08x}+{rest}"]).verdict == "usage"


def test_a_manifest_in_another_spelling_is_refused(ask: Ask) -> None:
    log = made_log(20)
    manifest = json.loads(log.files()["manifest.json"])
    assert ask(log, files=log.files() | {"manifest.json": canonical(manifest)}).verdict == "ok"
    spaced = json.dumps(manifest, sort_keys=True).encode()
    assert ask(log, files=log.files() | {"manifest.json": spaced}).kind == "bad_manifest"
