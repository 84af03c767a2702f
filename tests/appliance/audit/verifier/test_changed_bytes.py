"""Changed bytes: never `ok`, never a traceback, never the guard at the end. The full loop is `make audit-attack`."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from appliance.audit.verifier import strongroom_verify
from appliance.audit.verifier.strongroom_verify import LogCheck, Report, main, run
from tests.appliance.audit.verifier.conftest import Ask
from tests.appliance.audit.verifier.made_log import SECOND, MadeLog, Signer, made_log, written

WITNESS = Signer("officer", "the officer's key", 4)


@pytest.fixture(scope="module")
def log() -> MadeLog:
    """200 records, five checkpoints, one of them counter-signed."""
    log = made_log(200, every=45)
    log.notes[200] += WITNESS.cosign(log.body_of(200), log.now // SECOND)
    return log


def _bits(files: dict[str, bytes], count: int, seed: int) -> list[tuple[str, int]]:
    """Places of bits, as many of each file as of a larger one: the small files hold what is signed."""
    drawn = random.Random(seed)
    names = sorted(files)
    return [(name, drawn.randrange(len(files[name]) * 8)) for name in (drawn.choice(names) for _ in range(count))]


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _is_seen(report: Report) -> bool:
    return report.verdict in ("tampered", "incomplete") and not report.message.startswith("The check broke off")


def test_the_log_is_in_order_before_it_is_changed(ask: Ask, log: MadeLog) -> None:
    assert ask(log, "--witness", WITNESS.line).verdict == "ok"


@pytest.mark.parametrize("seed", range(5))
def test_every_flipped_bit_is_detected(tmp_path: Path, log: MadeLog, seed: int) -> None:
    files, missed = log.files(), []
    folder = written(files, tmp_path / "log")
    arguments = ["log", str(folder), "--key", log.signer.line, "--witness", WITNESS.line, "--at", str(log.now)]
    for name, bit in _bits(files, 30, seed):
        (folder / name).write_bytes(_flipped(files[name], bit))
        report = run(arguments)
        (folder / name).write_bytes(files[name])
        missed += [] if _is_seen(report) else [(name, bit, report)]
    assert missed == []
    assert run(arguments).verdict == "ok"


def test_control_without_the_roots_and_tiles_flipped_bits_go_unseen(
    tmp_path: Path, log: MadeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = log.files()
    name = "entries/000000.jsonl"
    changed = files | {name: files[name].replace(b'"id":"70"', b'"id":"71"')}
    folder = written(changed, tmp_path / "log")
    arguments = ["log", str(folder), "--key", log.signer.line, "--witness", WITNESS.line, "--at", str(log.now)]
    assert run(arguments).kind == "leaf_differs"
    monkeypatch.setattr(LogCheck, "check_root", lambda self, wanted, asked, good: good)
    monkeypatch.setattr(strongroom_verify.Tiles, "at", lambda self, level, place: strongroom_verify.leaf_hash(b""))
    monkeypatch.setattr(strongroom_verify, "leaf_hash", lambda record: strongroom_verify.EMPTY_ROOT)
    monkeypatch.setattr(strongroom_verify.Tiles, "compare", lambda self, level, found: None)
    assert run(arguments).verdict == "ok"


def _mutated(content: bytes, drawn: random.Random) -> bytes:
    place = drawn.randrange(len(content) + 1)
    end = min(len(content), place + drawn.randrange(1, 60))
    piece = content[place:end]
    choice = drawn.randrange(7)
    if choice == 0:
        return content[:place]
    if choice == 1:
        return content[:place] + content[end:]
    if choice == 2:
        return content[:place] + piece + content[place:]
    if choice == 3:
        return content[:place] + drawn.randbytes(len(piece)) + content[end:]
    if choice == 4:
        return content[:place] + drawn.choice([b"\n", b"\x00", b'"', b"{", b"9" * 5000, b"[" * 3000]) + content[place:]
    if choice == 5:
        return content.replace(drawn.choice([b"\n", b'"', b"1", b":"]), drawn.choice([b"", b"\r\n", b"'"]), 1)
    return drawn.choice([b"", b"{}", b"null", b"\xff\xfe", b"\n" * 2000])


@pytest.mark.parametrize("seed", range(8))
def test_a_mutated_log_is_never_ok_and_never_breaks_the_check(tmp_path: Path, log: MadeLog, seed: int) -> None:
    drawn, files, missed = random.Random(seed), log.files(), []
    folder = written(files, tmp_path / "log")
    arguments = ["log", str(folder), "--key", log.signer.line, "--witness", WITNESS.line, "--at", str(log.now)]
    for _ in range(25):
        name = drawn.choice(sorted(files))
        mutated = _mutated(files[name], drawn)
        (folder / name).write_bytes(mutated)
        report = run(arguments)
        (folder / name).write_bytes(files[name])
        missed += [] if (report.verdict == "ok") == (mutated == files[name]) else [(name, report)]
        assert not report.message.startswith("The check broke off"), (name, mutated[:200], report)
    assert missed == []


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_selection_is_never_ok_and_never_breaks_the_check(tmp_path: Path, log: MadeLog, seed: int) -> None:
    drawn, files = random.Random(seed), log.selection([3, 4, 5, 100, 150], is_complete=False)
    folder = written(files, tmp_path / "selection")
    arguments = ["selection", str(folder), "--key", log.signer.line, "--witness", WITNESS.line]
    assert run(arguments).verdict == "ok"
    for _ in range(60):
        name = drawn.choice(sorted(files))
        mutated = _mutated(files[name], drawn)
        (folder / name).write_bytes(mutated)
        report = run(arguments)
        (folder / name).write_bytes(files[name])
        assert (report.verdict == "ok") == (mutated == files[name]), (name, report)
        assert not report.message.startswith("The check broke off"), (name, mutated[:200], report)


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_proof_is_never_ok_and_never_breaks_the_check(tmp_path: Path, log: MadeLog, seed: int) -> None:
    drawn, files = random.Random(seed), {"r.json": log.records[77], "r.tlog-proof": log.proof(77)}
    folder = written(files, tmp_path)
    arguments = ["proof", *(str(folder / name) for name in files)]
    arguments += ["--key", log.signer.line, "--witness", WITNESS.line]
    assert run(arguments).verdict == "ok"
    for _ in range(60):
        name = drawn.choice(sorted(files))
        mutated = _mutated(files[name], drawn)
        (folder / name).write_bytes(mutated)
        report = run(arguments)
        (folder / name).write_bytes(files[name])
        assert (report.verdict == "ok") == (mutated == files[name]), (name, report)
        assert not report.message.startswith("The check broke off"), (name, mutated[:200], report)


@pytest.mark.parametrize("seed", range(3))
def test_a_mutated_zip_file_never_breaks_the_check(tmp_path: Path, seed: int) -> None:
    log, drawn, path = made_log(40), random.Random(seed), tmp_path / "log.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in log.files().items():
            archive.writestr(name, content)
    whole = path.read_bytes()
    arguments = ["log", str(path), "--key", log.signer.line, "--at", str(log.now)]
    assert run(arguments).verdict == "ok"
    for _ in range(60):
        path.write_bytes(_mutated(whole, drawn))
        report = run(arguments)
        assert not report.message.startswith("The check broke off"), report
        if report.verdict == "ok":  # a byte that no file of the archive holds, such as a date
            with zipfile.ZipFile(path) as archive:
                assert {name: archive.read(name) for name in archive.namelist()} == log.files()


def test_a_zip_file_with_two_members_of_one_name_is_not_read(tmp_path: Path) -> None:
    log, path = made_log(40), tmp_path / "log.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in log.files().items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("manifest.json", b"{}")
    report = run(["log", str(path), "--key", log.signer.line, "--at", str(log.now)])
    assert (report.verdict, report.kind) == ("incomplete", "not_readable")


def test_it_runs_alone_without_anything_of_ours(tmp_path: Path) -> None:
    """As an officer runs it: one file, an interpreter without site packages, another folder."""
    log, script = made_log(40), tmp_path / "strongroom_verify.py"
    script.write_bytes(Path(strongroom_verify.__file__).read_bytes())
    folder = written(log.files(), tmp_path / "log")
    command = [sys.executable, "-I", "-S", str(script), "log", str(folder), "--key", log.signer.line]
    done = subprocess.run([*command, "--at", str(log.now)], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ok: All 40 records")


def test_a_name_in_a_forged_note_does_not_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = made_log(60)
    log.notes[60] += Signer("o\x9b2Jfficer", kind=4).cosign(log.body_of(60), log.now // SECOND)
    folder = written(log.files(), tmp_path / "log")
    assert main(["log", str(folder), "--key", log.signer.line, "--at", str(log.now)]) == 2
    shown = capsys.readouterr().out
    assert "o?2Jfficer" in shown
    assert "\x9b" not in shown
