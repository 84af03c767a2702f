"""The worked example in docs/audit-format.md is the one that the command prints, and the verifier agrees with it."""

from __future__ import annotations

from pathlib import Path

from appliance.audit.tree.notes import CheckpointBody, Note, PublicKey
from appliance.audit.verifier.strongroom_verify import run
from bench.audit.worked_example import COSIGNED_S, LOG, WITNESS, example, text
from tests.appliance.audit.verifier.made_log import root_of, written

PAGE = Path(__file__).resolve().parents[4] / "docs" / "audit-format.md"


def test_the_page_shows_what_the_command_prints() -> None:
    shown = PAGE.read_text(encoding="utf-8").split("## 8. Worked example")[1].split("```\n")[1]
    assert shown.strip() == text(example()).strip()


def test_the_verifier_finds_the_example_in_order(tmp_path: Path) -> None:
    made = example()
    folder = written(made.files(), tmp_path / "log")
    arguments = ["log", str(folder), "--key", LOG.line, "--witness", WITNESS.line]
    assert run([*arguments, "--at", str(COSIGNED_S * 1_000_000)]).verdict == "ok"
    assert root_of(made.leaves) == made.root


def test_control_an_example_with_a_changed_letter_is_not_in_order(tmp_path: Path) -> None:
    files = example().files()
    files["entries/000000.jsonl"] = files["entries/000000.jsonl"].replace(b"clara", b"klara")
    folder = written(files, tmp_path / "log")
    report = run(
        ["log", str(folder), "--key", LOG.line, "--witness", WITNESS.line, "--at", str(COSIGNED_S * 1_000_000)]
    )
    assert (report.verdict, report.kind, report.index) == ("tampered", "leaf_differs", 1)


def test_the_appliance_reads_the_example_too() -> None:
    made = example()
    note = Note.parse(made.new_note)
    assert note.is_signed_by(PublicKey.parse(LOG.line))
    assert CheckpointBody.parse(note.body).root == made.root


def test_its_proofs_hold(tmp_path: Path) -> None:
    made, shown = example(), text(example())
    proof = shown.split("proof of record 1 in size 3\n")[1].split("(the checkpoint")[0] + made.new_note
    consistency = shown.split("proof that size 3 continues size 2\n")[1]
    notes = {"old": made.old_note.encode(), "new": made.new_note.encode()}
    files = {"r": made.records[1], "r.proof": proof.encode(), "c": consistency.encode(), **notes}
    folder = written(files, tmp_path)
    keys = ["--key", LOG.line, "--witness", WITNESS.line]
    assert run(["proof", str(folder / "r"), str(folder / "r.proof"), *keys]).verdict == "ok"
    asked = ["consistency", *(str(folder / name) for name in ("old", "new", "c")), "--key", LOG.line]
    assert run(asked).kind == "not_pinned"  # the newer one bears a signature of olga
