"""Log folders, exports and proofs that are changed after they left the box, some by whoever stole the log's key."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from appliance.audit.tree.notes import CheckpointBody, Note
from appliance.audit.verifier.strongroom_verify import Report, run
from bench.audit.attack.box import edited, record_at
from bench.audit.attack.forging import rewrite
from bench.audit.attack.in_database import PLACE
from bench.audit.attack.kinds import Kind, Outcome, checked
from bench.audit.attack.scene import Scene, log_key, thief_key


def _in_folder(scene: Scene, change: Callable[[Path], None], **asked: object) -> Report:
    folder = scene.folder()
    try:
        change(folder)
        return scene.verify(folder, **asked)  # type: ignore[arg-type]
    finally:
        shutil.rmtree(folder)


def replace_log_without_key(scene: Scene) -> Outcome:
    forged = {PLACE: edited(record_at(PLACE), actor="mallory")}
    report = _in_folder(scene, lambda folder: rewrite(folder, forged, thief_key()))
    return checked(report, "wrong_key", scene.sizes[0])


def replace_log_with_stolen_key(scene: Scene) -> Outcome:
    """Everything fits; only the checkpoints that lie elsewhere do not. The forger keeps the officer's name out."""
    forged = {PLACE: edited(record_at(PLACE), actor="mallory")}
    anchors = scene.anchor_files()
    report = _in_folder(scene, lambda folder: rewrite(folder, forged, log_key()), anchors=anchors)
    return checked(report, "fork", scene.sizes[1])


def fork(scene: Scene) -> Outcome:
    """The thief of the key shows somebody else another tree of the same size."""
    text = scene.anchor_files()[1].read_text(encoding="utf-8")
    lines = Note.parse(text).body.split("\n")
    lines[2] = "A" * 43 + "="
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other.note"
        other.write_text(log_key().note("\n".join(lines)).text, encoding="utf-8")
        report = scene.verify_log(anchors=[other])
    return checked(report, "fork", CheckpointBody.parse(Note.parse(text).body).size)


def swap_key_in_bundle(scene: Scene) -> Outcome:
    thief = thief_key()

    def change(folder: Path) -> None:
        rewrite(folder, {}, thief)
        readme = folder / "README.txt"
        readme.write_text(readme.read_text(encoding="utf-8").replace(scene.key_line, thief.public.line))

    return checked(_in_folder(scene, change), "wrong_key", scene.sizes[0])


def _export(scene: Scene, first: int, last: int) -> Path:
    from appliance.audit.log import Wanted, selection_files
    from appliance.audit.models import AuditEvent

    events = AuditEvent.objects.filter(leaf__index__gte=first, leaf__index__lte=last)
    out = Path(tempfile.mkdtemp(dir=scene.box.folder, prefix="export-"))
    for name, content in selection_files(events, Wanted(first, last, "a range", is_complete=True)):
        (out / name).write_bytes(content)
    return out


def change_export(scene: Scene) -> Outcome:
    out = _export(scene, PLACE - 10, PLACE + 10)
    entries = out / "entries.jsonl"
    lines = entries.read_bytes().splitlines(keepends=True)
    lines[10] = edited(lines[10], actor="mallory") + b"\n"
    entries.write_bytes(b"".join(lines))
    return checked(scene.verify(out, command="selection"), "bad_proof", PLACE)


def omit_from_export(scene: Scene) -> Outcome:
    out = _export(scene, PLACE - 10, PLACE + 10)
    for name in ("entries.jsonl", "proofs.jsonl"):
        lines = (out / name).read_bytes().splitlines(keepends=True)
        (out / name).write_bytes(b"".join(lines[:10] + lines[11:]))
    return checked(scene.verify(out, command="selection"), "range_incomplete", PLACE)


def node_for_leaf(scene: Scene) -> Outcome:
    """An inner node, offered as a record: its two halves, and a path that is one step shorter."""
    from appliance.audit.log import proof_of
    from appliance.audit.models import AuditEvent, Leaf

    even = PLACE // 2 * 2
    proof = proof_of(AuditEvent.objects.get(leaf__index=even)).text.split("\n")
    halves = [bytes(Leaf.objects.get(index=index).leaf_hash) for index in (even, even + 1)]
    with tempfile.TemporaryDirectory() as folder:
        record, text = Path(folder) / "node", Path(folder) / "node.tlog-proof"
        record.write_bytes(b"".join(halves))
        text.write_text("\n".join([proof[0], f"index {even // 2}", *proof[3:]]), encoding="utf-8")
        report = run(["proof", str(record), str(text), "--key", scene.key_line])
    return checked(report, "not_canonical", even // 2)


KINDS = (
    Kind("replace the whole log without its key", replace_log_without_key),
    Kind("replace the whole log with a stolen key", replace_log_with_stolen_key),
    Kind("fork: two roots of one size", fork),
    Kind("swap the public key in the bundle", swap_key_in_bundle),
    Kind("change a record in an export", change_export),
    Kind("leave a record out of a complete export", omit_from_export),
    Kind("offer a node as a record", node_for_leaf),
)
