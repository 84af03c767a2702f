"""Small programs that write what the real ones write, in moments: python fake_programs.py WHAT argument ...

STRONGROOM_FAKE says how they misbehave: words such as "slow", "fails", "dies once", "weak Q4_K_M".
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path

MISBEHAVIOUR = os.environ.get("STRONGROOM_FAKE", "")
STEPS = 12
FACTORY = [{"id": f"made-up-{n}", "fields": {"total": "1.00", "tax": None}, "original": ""} for n in range(6)]


def tune(folder: Path) -> None:
    """Goes on from a checkpoint that holds the step; stops with 75 when asked to."""
    checkpoint = folder / "checkpoint"
    step = int(checkpoint.read_text()) if checkpoint.exists() else 0
    asked = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    (folder / "starts").open("a").write(f"{step}\n")
    if "fails" in MISBEHAVIOUR:
        told = {"code": "diverged", "sentence": "The training lost its way.", "next": "Start again lower."}
        (folder / "error.json").write_text(json.dumps(told))
        sys.exit(1)
    while step < STEPS:
        step += 1
        point = {"step": step, "epoch": step // 4, "share": step / STEPS, "loss": 2 / step, "tokens": step * 100}
        point |= {"calibration": 2.1 / step if step % 4 == 0 else None, "seconds": step, "seconds_left": STEPS - step}
        with (folder / "progress.jsonl").open("a") as stream:
            stream.write(json.dumps(point) + "\n")
        checkpoint.write_text(str(step))
        if "dies" in MISBEHAVIOUR and step == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if "slow" in MISBEHAVIOUR:
            time.sleep(0.1)
        if asked:
            sys.exit(75)
    for name, file in (("adapter", "adapter_model.safetensors"), ("merged", "model.safetensors")):
        (folder / "out" / name).mkdir(parents=True, exist_ok=True)
        (folder / "out" / name / file).write_bytes(f"{name} of {folder.name}".encode())
        (folder / "out" / name / "config.json").write_text("{}")
    (folder / "result.json").write_text(json.dumps({"tokens": 1200, "minutes": 0.2, "steps": STEPS}))


def convert(merged: Path, out: Path, *names: str) -> None:
    before = hashlib.sha256((merged / "model.safetensors").read_bytes()).hexdigest()
    for name in names:
        content = f"{name} made of {before}".encode() * (20 if name == "F16" else 10 if name == "Q8_0" else 5)
        (out / f"{name}.gguf").write_bytes(content)
        line = {"step": "convert" if name == "F16" else "quantize", "quantization": name, "before": before}
        after = hashlib.sha256(content).hexdigest()
        _say(line | {"after": after, "bytes": len(content), "seconds": 0.1})


def adapter(source: Path, out: Path) -> None:
    out.write_bytes((source / "adapter_model.safetensors").read_bytes() + b" as gguf")


def measure(model: Path, out: Path, labels: str, adapter: str) -> None:
    """A model called "before" gets half of the totals wrong; what was trained gets all right, unless it is weak."""
    lines = FACTORY if labels == "-" else [json.loads(line) for line in Path(labels).read_text().splitlines()]
    content = model.read_bytes() if adapter == "-" else Path(adapter).read_bytes()
    weak = content.startswith(b"before") or any(
        f"weak {name}" in MISBEHAVIOUR and content.startswith(name.encode()) for name in ("F16", "Q8_0", "Q4_K_M")
    )
    documents = []
    for number, line in enumerate(lines):
        if "slow" in MISBEHAVIOUR:
            time.sleep(0.02)
        documents.append(_outcome(line, is_wrong=weak and labels != "-" and number % 2 == 0))
        _say({"done": number + 1, "of": len(lines), "seconds_left": 1.0})
    asked = hashlib.sha256(json.dumps([line["id"] for line in lines]).encode()).hexdigest()
    evaluation = {
        "model": digest_of(model, content),
        "labels": asked,
        "documents": documents,
        "memory_bytes": 10**8,
        "file_bytes": len(content),
    }
    out.write_text(json.dumps(evaluation))


def digest_of(model: Path, content: bytes) -> str:
    """Of a file, or of an adapter's content over it."""
    own, below = (hashlib.sha256(one).hexdigest() for one in (content, model.read_bytes()))
    return own if own == below else hashlib.sha256(f"{below} {own}".encode()).hexdigest()


def teach(texts: Path, out: Path) -> None:
    labels = [json.loads(line) | {"fields": {"total": "12.50"}, "weight": 0.3} for line in texts.open()]
    out.write_text("".join(json.dumps(label) + "\n" for label in labels))


def _outcome(line: dict, *, is_wrong: bool) -> dict:
    """A document's outcome as `models_store.evaluation.records` has it; no library is loaded, so that it is quick."""
    fields = {name: gold for name, gold in line["fields"].items() if gold is None or isinstance(gold, str)}
    values = [_value(name, gold, is_wrong=is_wrong and name == "total") for name, gold in fields.items()]
    told = {"id": line["id"], "original": line["original"], "values": values}
    return told | {"seconds": 0.1, "texts": 1, "verbatim": 1}


def _value(name: str, gold: str | None, *, is_wrong: bool) -> dict:
    got = f"{gold}9" if is_wrong else gold
    told = {"path": name, "field": name, "expected": gold, "got": got, "confidence": 0.6 if is_wrong else 0.9}
    return told | {"is_right": not is_wrong, "is_exact": not is_wrong}


def _say(line: dict) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(what: str, *arguments: str) -> None:
    if what == "tune":
        tune(Path(arguments[0]))
    elif what == "convert":
        convert(Path(arguments[0]), Path(arguments[1]), *arguments[2].split(","))
    elif what == "measure":
        measure(Path(arguments[0]), Path(arguments[1]), *arguments[2:])
    else:
        {"adapter": adapter, "teach": teach}[what](Path(arguments[0]), Path(arguments[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
