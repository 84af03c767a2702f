"""A forger's tool: a log folder built anew under any key. Done from docs/audit-format.md, not by the box."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from pathlib import Path

from appliance.audit.tree.signing import SigningKey
from bench.audit.attack.box import edited
from bench.audit.generated_log import Levels, write_tiles


def rewrite(folder: Path, changed: dict[int, bytes], key: SigningKey) -> None:
    """Exchange records; make tiles, roots, checkpoints and their records anew, all signed with `key`."""
    notes = sorted((folder / "checkpoints").iterdir())
    bodies = {int(note.stem): note.read_text(encoding="utf-8").split("\n")[:6] for note in notes}
    entries = sorted((folder / "entries").iterdir())
    records = [record for path in entries for record in path.read_bytes().splitlines()]
    levels, previous = Levels(), "0 -"
    for index, honest in enumerate(records):
        record = records[index] = changed.get(index, honest)
        levels.add(hashlib.sha256(b"\x00" + record).digest())
        size = index + 1
        if size not in bodies:
            continue
        root, lines = levels.root(), bodies[size]
        head = [key.name, str(size), base64.b64encode(root).decode(), *lines[3:5], f"previous {previous}"]
        body = "\n".join(head) + "\n"
        (folder / f"checkpoints/{size:012}.note").write_text(key.note(body).text, encoding="utf-8")
        digest = hashlib.sha256(body.encode()).hexdigest()
        previous = f"{size} {digest}"
        if size < len(records) and json.loads(records[size])["action"] == "checkpoint_signed":
            changed[size] = edited(records[size], digests={"root": root.hex(), "body": digest})
    for number, path in enumerate(entries):
        part = records[number * 1000 : (number + 1) * 1000]
        path.write_bytes(b"".join(record + b"\n" for record in part))
    shutil.rmtree(folder / "tile")
    write_tiles(folder, levels)
