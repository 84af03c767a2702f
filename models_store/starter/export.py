"""A checkpoint -> the files that ship: weights for adapters, tokenizer, quantized GGUF and card.

python -m models_store.starter.export --work DIR --out models_store/starter
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from models_store.card import ModelCard
from models_store.convert import convert, fetch_converter, quantize
from models_store.starter.curriculum import LONGEST
from models_store.starter.network import Llama, Shape, hugging_face_weights, parameters_of
from models_store.starter.train import BASE_CARD
from models_store.store import CARD, STARTER_WEIGHTS, file_digest

TOKENIZER_CONFIG = {
    "tokenizer_class": "LlamaTokenizer",
    "add_prefix_space": False,
    "add_bos_token": True,
    "legacy": False,
    "bos_token": "<s>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}
NOTHING = "From nothing but a hand-made copying head (models_store/starter/copying.py)."
ON = (
    "From the weights of an earlier release, which `base` names. The first of them began with the weights of an "
    "experiment (about 10 M tokens of another generator of made-up documents, whose author had seen two real receipts)."
)
DATA = "Synthetic documents of models_store/starter/factory, names and places by Faker."
LIMITS = [
    "Small and young: expect mistakes, above all on unseen layouts and languages. A person checks every value.",
    "Learnt mostly from made-up documents; for real ones see docs/model.md. Rows of tables are often missed.",
    f"Never shown more than {LONGEST} tokens at once.",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("var/starter"), help="the training run's folder")
    parser.add_argument("--out", type=Path, default=Path("models_store/starter"))
    parser.add_argument("--context", type=int, default=LONGEST, help="tokens that the appliance shows it at once")
    settings = parser.parse_args()
    settings.out.mkdir(parents=True, exist_ok=True)
    model, facts = read_checkpoint(settings.work)
    write_folder(model, settings.work / "tokenizer.model", settings.out)
    write_gguf(settings.out, settings.work / "converter")
    base = settings.work / BASE_CARD
    facts = dict(facts) | ({"base": json.loads(base.read_text(encoding="utf-8"))["digest"]} if base.exists() else {})
    card = make_card(settings.out, parameters_of(model), facts, context=settings.context)
    (settings.out / CARD).write_text(card.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(f"{settings.out / STARTER_WEIGHTS}: {card.digest}")


def read_checkpoint(work: Path) -> tuple[Llama, dict[str, Any]]:
    """The model of the last checkpoint and what the run's report says; without a report, how far the run is."""
    state = torch.load(work / "checkpoint.pt", weights_only=True)
    model = Llama(Shape(**state["shape"]))
    model.load_state_dict(state["model"])
    report = work / "report.json"
    if report.exists():
        return model, json.loads(report.read_text(encoding="utf-8"))
    return model, {
        "minutes": round(state["seconds"] / 60, 1),
        "tokens": state["tokens"],
        "scores": {},
        "unfinished": True,
    }


def write_folder(model: Llama, tokenizer: Path, out: Path) -> None:
    """The folder that transformers, peft and the converter read."""
    # "pt" is what transformers looks for in the metadata.
    save_file(hugging_face_weights(model), out / "model.safetensors", metadata={"format": "pt"})
    (out / "config.json").write_text(json.dumps(model.shape.as_config(), indent=2) + "\n", encoding="utf-8")
    (out / "tokenizer_config.json").write_text(json.dumps(TOKENIZER_CONFIG, indent=2) + "\n", encoding="utf-8")
    if tokenizer.resolve() != (out / "tokenizer.model").resolve():
        shutil.copyfile(tokenizer, out / "tokenizer.model")


def write_gguf(out: Path, cache: Path) -> None:
    """Converts the folder in a place of its own, named after the model: the converter copies the name into the file."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "strongroom-starter"
        folder.mkdir()
        for name in ("config.json", "model.safetensors", "tokenizer.model", "tokenizer_config.json"):
            shutil.copyfile(out / name, folder / name)
        convert(folder, folder / "f32.gguf", converter=fetch_converter(cache))
        quantize(folder / "f32.gguf", folder / STARTER_WEIGHTS)
        shutil.copyfile(folder / STARTER_WEIGHTS, out / STARTER_WEIGHTS)


def make_card(out: Path, parameters: int, facts: Mapping[str, Any], *, context: int) -> ModelCard:
    """What is known of the model in `out`. `facts` is the run's report, `context` the tokens shown to it at once."""
    return ModelCard.model_validate(
        {
            "name": "strongroom-starter",
            "digest": file_digest(out / STARTER_WEIGHTS),
            "base": facts.get("base", ""),
            "quantization": "Q8_0",
            "parameters": parameters,
            "context_tokens": context,
            "scores": card_scores(facts["scores"]),
            "made_by": "models_store/starter/train.py",
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "licence": "Apache-2.0",
            "limits": LIMITS,
            "vocabulary": 4096,
            "intended_use": "To run the appliance from the first day, and as the base of tuned models.",
            "data": f"{DATA} {_real_data(facts)}",
            "start": ON if facts.get("base") else NOTHING,
            "training": {key: value for key, value in facts.items() if key not in ("scores", "machine", "base")},
            "machine": facts.get("machine", ""),
        }
    )


def _real_data(facts: Mapping[str, Any]) -> str:
    labelled = facts.get("labelled")
    if not labelled:
        return "No real document."
    used = ", ".join(f"{count} of {name}" for name, count in labelled["samples"].items())
    return f"In the last lessons a share of {labelled['share']} was real, windows of labelled documents: {used}."


def card_scores(exams: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """The exams of a run by measure, as cards tell them: value and n. Drills say nothing to who uses the model."""
    told = {}
    for what in ("values", "nulls"):
        for name, exam in exams.items():
            if name != "drill" and exam[what]:
                told[f"{what} right, {name}"] = {"value": round(exam[f"{what}_right"], 3), "n": exam[what]}
    return told


if __name__ == "__main__":
    main()
