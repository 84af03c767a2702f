"""What fine-tuning on a part of a set brings on the rest: senders it never saw, and other documents of known ones.

The fine-tuning is the product's own command, with its own defaults.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy.ask import ModelAnswers, ask_all
from bench.accuracy.cases import Case
from bench.accuracy.parts import Parts
from bench.accuracy.progress import Progress
from bench.accuracy.score import Figures
from bench.accuracy.sets import LabelledSet
from extraction.json_schema import to_json_schema
from extraction.language_model_llama import LlamaCppModel
from models_store.card import ModelCard
from models_store.store import CARD, STARTER_WEIGHTS

_KNOWN_SHARE = 0.15
_LABELS, _SCHEMA, _OUT = "train.jsonl", "type.json", "tuned"


def tune_and_ask(wanted: LabelledSet, parts: Parts, base: Path, *, threads: int, minutes: float) -> Figures:
    """The columns "tuned_unseen" and "tuned_known" of a set, and how many documents taught.

    `base`: a model's folder. Raises CalledProcessError where the fine-tuning fails; it says why on stderr.
    """
    with tempfile.TemporaryDirectory() as scratch:
        options = ["--threads", str(threads), "--minutes", str(minutes)]
        weights = _tune(wanted, parts.train, base, Path(scratch), options)
        card = ModelCard.model_validate_json((weights.parent / CARD).read_text(encoding="utf-8"))
        with LlamaCppModel.load(weights, context_tokens=card.context_tokens, threads=threads) as model:
            answers = ModelAnswers(model)
            found: Figures = {"trained_on": len(parts.train)}
            for name, held_out in (("tuned_unseen", parts.unseen), ("tuned_known", parts.known)):
                told = Progress(f"{wanted.name} {name}", len(held_out)).told
                asked = ask_all(held_out, {name: answers}, loose=wanted.loose, told=told) if held_out else {}
                found |= {key: value for key, value in asked.items() if key == name}
    return found


def _tune(wanted: LabelledSet, train: Sequence[Case], base: Path, scratch: Path, options: Sequence[str]) -> Path:
    """The tuned model's weights, its card beside them."""
    labels = (json.dumps(label_of(case), ensure_ascii=False) for case in train)
    (scratch / _LABELS).write_text("\n".join(labels) + "\n", encoding="utf-8")
    (scratch / _SCHEMA).write_text(json.dumps(to_json_schema(train[0].document_type)), encoding="utf-8")
    command = [sys.executable, "-m", "models_store.tuning.by_hand", str(scratch / _LABELS), "--base", str(base)]
    options = [*options, "--schema", str(scratch / _SCHEMA), "--out", str(scratch / _OUT)]
    if any(spec.name == wanted.group for spec in train[0].document_type.fields):
        options += ["--group", wanted.group]
    subprocess.run([*command, *options], check=True, stdout=sys.stderr)
    return scratch / _OUT / STARTER_WEIGHTS


def label_of(case: Case) -> dict[str, object]:
    """What the fine-tuning is told: the text that our reader found, what is printed, and what is surely absent."""
    text = "\f".join(page.text for page in case.read().pages)
    return {"id": case.id, "text": text, "fields": {**case.gold.printed, **case.gold.absent}}
