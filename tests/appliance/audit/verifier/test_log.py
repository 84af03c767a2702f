"""A whole log: those in order pass, and every kind of the table in docs/audit-format.md is found and named."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.audit.verifier import strongroom_verify
from appliance.audit.verifier.strongroom_verify import EXIT, LogCheck, main
from tests.appliance.audit.verifier.conftest import Ask
from tests.appliance.audit.verifier.made_log import (
    SECOND,
    MadeLog,
    Signer,
    canonical,
    encoded,
    made_log,
    root_of,
    tiles_of,
    written,
)

FORMAT = Path(__file__).resolve().parents[4] / "docs" / "audit-format.md"
WITNESS = Signer("officer", "the officer's key", 4)


def _edited(record: bytes, **changed: object) -> bytes:
    return canonical({**json.loads(record), **changed})


def _cosigned(log: MadeLog, witness: Signer = WITNESS) -> MadeLog:
    size = max(log.notes)
    log.notes[size] += witness.cosign(log.body_of(size), log.now // SECOND)
    return log


@pytest.mark.parametrize("size", [*range(71), 255, 256, 257, 258, 1000, 1001])
def test_a_log_in_order_passes(ask: Ask, size: int) -> None:
    log = made_log(size, every=17 if size < 100 else 50)
    report = ask(log)
    assert (report.verdict, report.kind, report.index) == ("ok", None, None)
    assert (report.entries, report.checkpoints) == (size, len(log.notes))


@pytest.mark.slow
def test_a_log_with_tiles_of_three_levels_passes(ask: Ask) -> None:
    assert ask(made_log(65_537, every=10_000)).verdict == "ok"


def test_a_zip_file_is_as_good_as_a_folder(ask: Ask, tmp_path: Path) -> None:
    log = made_log(120)
    with zipfile.ZipFile(tmp_path / "log.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in log.files().items():
            archive.writestr(name, content)
    arguments = ["log", str(tmp_path / "log.zip"), "--key", log.signer.line, "--at", str(log.now)]
    assert main(arguments) == 0


def test_a_log_goes_on_under_a_new_key_and_either_key_is_enough(ask: Ask) -> None:
    log = made_log(60, is_ended=False)
    first = log.signer.line
    for word in ("second", "third"):
        log.change_key(word)
        log.add()
        log.sign()
    log.sign(is_recorded=False)
    for line in (first, log.signer.line):
        assert ask(log, "--key", line).verdict == "ok"
    assert ask(log, "--key", Signer(log.signer.name, "nobody's").line).kind == "wrong_key"


def test_a_clock_that_was_moved_and_said_so_passes(ask: Ask) -> None:
    log = made_log(20, is_ended=False)
    log.sign()
    log.offset_us = -3_600 * SECOND
    late = log.add()
    log.add("clock_moved", reason="by -3600000000")
    log.add()
    log.sign(is_recorded=False)
    assert late == 21
    assert ask(log).verdict == "ok"


def test_a_pause_with_a_start_behind_it_passes(ask: Ask) -> None:
    log = made_log(20, is_ended=False)
    log.sign()
    log.time_us += 4000 * SECOND
    log.epoch = 2
    log.add("sequencer_started", object={"type": "epoch", "id": "2", "version": 0})
    log.sign(is_recorded=False)
    assert ask(log).verdict == "ok"


def test_a_counter_signature_and_an_anchor_pass(ask: Ask, tmp_path: Path) -> None:
    log = _cosigned(made_log(120))
    (tmp_path / "anchor.note").write_text(log.notes[100])
    report = ask(log, "--witness", WITNESS.line, "--anchor", str(tmp_path / "anchor.note"))
    assert report.verdict == "ok"


# Each forger takes a log in order, changes it, and returns the files and what must be found: kind and index.
Forged = tuple[MadeLog, dict[str, bytes], int | None]


def _bad_signature() -> Forged:
    log = made_log(120)
    log.notes[50] = log.notes[50].replace("epoch 1", "epoch 2")
    return log, log.files(), 50


def _wrong_key() -> Forged:
    log, honest = made_log(120), made_log(120).signer
    log.signer = Signer(honest.name, "a thief's key")
    for size in log.notes:
        body = log.body_of(size)
        log.notes[size] = body + "\n" + log.signer.sign(body)
    log.signer = honest
    return log, log.files(), 50


def _root_differs() -> Forged:
    log = made_log(120)
    log.records[70] = _edited(log.records[70], actor="mallory")
    return log, log.files(), 50  # tiles are made anew from the changed record


def _leaf_differs() -> Forged:
    log = made_log(120)
    files = log.files()
    files["entries/000000.jsonl"] = files["entries/000000.jsonl"].replace(b'"id":"70"', b'"id":"71"')
    return log, files, 70


def _tile_differs() -> Forged:
    log = made_log(600, every=1000)
    log.records[300] = _edited(log.records[300], actor="mallory")
    files = log.files()
    files["tile/1/000.p/2"] = tiles_of(made_log(600, every=1000).leaves)["tile/1/000.p/2"]
    return log, files, 256


def _not_canonical() -> Forged:
    log = made_log(120)
    log.records[30] = log.records[30].replace(b'"clara"', b'"\\u0063lara"')
    return log, log.files(), 30


def _duplicate_event() -> Forged:
    log = made_log(120)
    log.records[31] = _edited(log.records[31], event_id=json.loads(log.records[30])["event_id"])
    return log, log.files(), 31


def _foreign_log() -> Forged:
    log = made_log(120)
    log.records[31] = made_log(120, log_id="other").records[31]
    return log, log.files(), 31


def _missing_entries() -> Forged:
    log = made_log(120)
    files = log.files()
    lines = files["entries/000000.jsonl"].splitlines(keepends=True)
    files["entries/000000.jsonl"] = b"".join(lines[:40] + lines[41:])
    return log, files, 40


def _surplus_entries() -> Forged:
    log = made_log(120)
    files = log.files()
    log.add()
    files["entries/000000.jsonl"] += log.records[-1] + b"\n"
    return log, files, 120


def _checkpoint_dropped() -> Forged:
    log = made_log(120)
    del log.notes[50]
    return log, log.files(), 50


def _checkpoint_unrecorded() -> Forged:
    log = made_log(120)
    log.add()
    log.sign(is_recorded=False)
    return log, log.files(), 120


def _checkpoint_differs() -> Forged:
    log = made_log(30, is_ended=False)
    size = log.sign(is_recorded=False)
    log.record_checkpoint(size, "00" * 32, hashlib.sha256(b"").hexdigest())
    log.sign(is_recorded=False)
    return log, log.files(), 30


def _fork() -> Forged:
    log = made_log(30, is_ended=False)
    log.sign()
    log.epoch = 0
    log.sign(is_recorded=False)
    return log, log.files(), 31


def _clock() -> Forged:
    log = made_log(30, is_ended=False)
    log.sign()
    log.offset_us = 3_600 * SECOND
    log.add()
    log.offset_us = 0
    log.sign(is_recorded=False)
    return log, log.files(), 31


def _held_up() -> Forged:
    log = made_log(30, is_ended=False)
    log.sign()
    log.time_us += 181 * SECOND
    log.sign(is_recorded=False)
    return log, log.files(), 30


def _bad_manifest() -> Forged:
    log = made_log(30)
    files = log.files()
    files["manifest.json"] = files["manifest.json"].replace(b'"size":30', b'"size":31')
    return log, files, 30


def _bad_cosignature() -> Forged:
    log = _cosigned(made_log(30))
    log.notes[30] = log.notes[30][:-8] + "AAAA" + log.notes[30][-4:]
    return log, log.files(), 30


def _cosignature_missing() -> Forged:
    log = made_log(30)
    return log, log.files(), 30


FORGERS: dict[str, Callable[[], Forged]] = {
    "bad_signature": _bad_signature,
    "wrong_key": _wrong_key,
    "root_differs": _root_differs,
    "leaf_differs": _leaf_differs,
    "tile_differs": _tile_differs,
    "not_canonical": _not_canonical,
    "duplicate_event": _duplicate_event,
    "foreign_log": _foreign_log,
    "missing_entries": _missing_entries,
    "surplus_entries": _surplus_entries,
    "checkpoint_dropped": _checkpoint_dropped,
    "checkpoint_unrecorded": _checkpoint_unrecorded,
    "checkpoint_differs": _checkpoint_differs,
    "fork": _fork,
    "clock": _clock,
    "held_up": _held_up,
    "bad_manifest": _bad_manifest,
    "bad_cosignature": _bad_cosignature,
    "cosignature_missing": _cosignature_missing,
}
ELSEWHERE = {"cut", "bad_proof", "range_incomplete", "stale", "not_pinned", "not_readable"}


@pytest.mark.parametrize("kind", FORGERS)
def test_each_kind_is_found_and_named(ask: Ask, kind: str) -> None:
    log, files, index = FORGERS[kind]()
    report = ask(log, "--witness", WITNESS.line, files=files) if "cosig" in kind else ask(log, files=files)
    assert (report.verdict, report.kind, report.index) == ("tampered", kind, index)
    assert EXIT[report.verdict] == 1
    assert len(report.message) > 20


def test_every_kind_of_the_table_has_a_test() -> None:
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|", FORMAT.read_text().split("| kind |")[1], re.MULTILINE)
    assert {kind for row in rows for kind in re.findall(r"[a-z_]+", row)} == set(FORGERS) | ELSEWHERE


def test_a_record_that_was_put_in_and_two_that_were_exchanged_are_told_apart(ask: Ask) -> None:
    log = made_log(120)
    files, stranger = log.files(), MadeLog()
    lines = files["entries/000000.jsonl"].splitlines(keepends=True)
    stranger.records = [b"{}"] * 5000
    stranger.add()
    for changed, kind in (
        ([*lines[:40], stranger.records[-1] + b"\n", *lines[40:]], "surplus_entries"),
        ([*lines[:40], lines[41], lines[40], *lines[42:]], "leaf_differs"),
        ([*lines[:40], lines[39], *lines[41:]], "duplicate_event"),
    ):
        report = ask(log, files=files | {"entries/000000.jsonl": b"".join(changed)})
        assert (report.verdict, report.kind, report.index) == ("tampered", kind, 40)


def test_a_log_that_was_cut_is_seen_by_an_anchor_only(ask: Ask, tmp_path: Path) -> None:
    log = made_log(120)
    (tmp_path / "anchor.note").write_text(log.newest)
    log.notes = {50: log.notes[50]}
    log.records = log.records[:50]
    report = ask(log, "--anchor", str(tmp_path / "anchor.note"))
    assert (report.kind, report.index) == ("cut", 50)
    assert ask(log).verdict == "ok"  # what no anchor vouches for cannot be missed: docs/threat-model.md


def test_another_log_under_the_same_key_is_seen_by_an_anchor_only(ask: Ask, tmp_path: Path) -> None:
    """A thief of the key wrote another log."""
    (tmp_path / "anchor.note").write_text(made_log(120).notes[50])
    forged = MadeLog()
    forged.add(actor="mallory")
    while len(forged.records) < 49:
        forged.add()
    forged.sign()
    forged.sign(is_recorded=False)
    report = ask(forged, "--anchor", str(tmp_path / "anchor.note"))
    assert (report.kind, report.index) == ("fork", 50)
    assert ask(forged).verdict == "ok"


def test_an_anchor_of_a_size_without_a_checkpoint_is_compared_too(ask: Ask, tmp_path: Path) -> None:
    log = made_log(120)
    body = log.body(77)
    (tmp_path / "good.note").write_text(body + "\n" + log.signer.sign(body))
    assert ask(log, "--anchor", str(tmp_path / "good.note")).verdict == "ok"
    body = log.body(77, root_of(log.leaves[:76]))
    (tmp_path / "bad.note").write_text(body + "\n" + log.signer.sign(body))
    assert ask(log, "--anchor", str(tmp_path / "bad.note")).kind == "fork"


def test_what_is_missing_or_old_is_incomplete(ask: Ask) -> None:
    log = _cosigned(made_log(60))
    assert ask(made_log(60), "--at", str(log.now + 181 * SECOND)).kind == "stale"
    assert ask(made_log(60), "--at", str(log.now + 179 * SECOND)).verdict == "ok"
    assert ask(log).kind == "not_pinned"  # a signature that nobody gave a key for
    for name in ("manifest.json", *(f"checkpoints/{size:012d}.note" for size in (50, 60))):
        files = log.files()
        del files[name]
        assert ask(log, files=files).verdict != "ok"
    report = ask(log, files={"manifest.json": log.files()["manifest.json"]})
    assert (report.verdict, report.kind) == ("incomplete", "not_readable")


def test_without_a_key_nobody_vouches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = made_log(60)
    folder = written(log.files(), tmp_path / "log")
    assert main(["log", str(folder), "--at", str(log.now)]) == 2
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(last) == ["verdict", "kind", "index", "entries", "checkpoints", "message"]
    assert (last["verdict"], last["kind"]) == ("incomplete", "not_pinned")


@pytest.mark.parametrize("place", ["entries/000001.jsonl", "tile/0/001", "tile/2/000.p/1", "checkpoints/x.note"])
def test_a_file_too_many_is_seen(ask: Ask, place: str) -> None:
    log = made_log(60)
    assert ask(log, files=log.files() | {place: b""}).verdict == "tampered"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    log = made_log(60)
    folder = written(log.files(), tmp_path / "log")
    entries = folder / "entries/000000.jsonl"
    shutil.move(entries, tmp_path / "elsewhere")
    entries.symlink_to(tmp_path / "elsewhere")
    assert main(["log", str(folder), "--key", log.signer.line, "--at", str(log.now)]) == 1


def test_a_rotation_that_the_old_key_did_not_sign_is_refused(ask: Ask) -> None:
    log = made_log(60, is_ended=False)
    old, thief = log.signer, Signer(log.signer.name, "a thief's key")
    digests = {"old_key": old.line, "new_key": thief.line, "signature": encoded(thief.private.sign(b"mine"))}
    index = log.add("log_key_changed", digests=digests)
    log.signer = thief
    log.sign(is_recorded=False)
    report = ask(log, "--key", old.line)
    assert (report.verdict, report.kind, report.index) == ("tampered", "bad_signature", index)


def test_control_a_verifier_that_compares_no_roots_lets_a_rewritten_log_pass(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, files, _ = _root_differs()
    assert ask(log, files=files).kind == "root_differs"
    monkeypatch.setattr(LogCheck, "check_root", lambda self, wanted, asked, good: good)
    assert ask(log, files=files).verdict == "ok"


def test_control_a_verifier_that_checks_no_signatures_lets_a_thief_pass(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, files, _ = _wrong_key()
    monkeypatch.setattr(strongroom_verify.Note, "check", lambda self, key, where: None)
    assert ask(log, files=files).verdict == "ok"
