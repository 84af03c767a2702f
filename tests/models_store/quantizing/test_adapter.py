"""The adapter by itself, with the real converter where it is on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from extraction.grammar import build_grammar
from extraction.language_model import Generation, LanguageModel, Limits
from extraction.language_model_llama import LlamaCppModel
from extraction.prompt import render
from extraction.text_document import document_from_text
from models_store.convert import ConversionFailed, ConverterMissing, convert, find_converter
from models_store.durable import file_digest
from models_store.quantizing.adapter import make_adapter
from models_store.quantizing.steps import Step
from models_store.starter.export import write_folder
from models_store.starter.network import Llama, Shape
from models_store.store import STARTER
from tests.extraction.example_types import EVERYTHING
from tests.models_store.quantizing.fake_converter import make_converter

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
REPOSITORY = Path(__file__).parents[3]
TEXTS = ("ACME Ltd\nTotal  12.50\n04/03/2024", "Other Inc\nSum 9.99 EUR")


@pytest.fixture(scope="module")
def converter() -> Path:
    for place in (os.environ.get("STRONGROOM_CONVERTER_DIR"), "var/converter", "var/tuning/converter"):
        try:
            return find_converter(REPOSITORY / (place or "none"))
        except ConverterMissing:
            continue
    pytest.skip("needs llama.cpp's converter: make converter")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    (folder / "adapter_model.safetensors").write_bytes(b"tensors")
    return folder


def test_the_step_names_what_went_in_and_what_came_out(adapter: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "adapter.gguf"
    out.parent.mkdir()
    step = make_adapter(adapter, out, base=tmp_path, converter=make_converter(tmp_path / "fake"))
    assert (step.before, step.after) == (file_digest(adapter / "adapter_model.safetensors"), file_digest(out))
    assert [path.name for path in out.parent.iterdir()] == ["adapter.gguf"]


def test_the_program_prints_its_step_or_says_why_not(adapter: Path, tmp_path: Path) -> None:
    converter = make_converter(tmp_path / "fake")
    command = [sys.executable, "-m", "models_store.quantizing.adapter", str(adapter), str(tmp_path / "o" / "a.gguf")]
    command += ["--base", str(tmp_path), "--converter", str(converter)]
    settings = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(REPOSITORY)}, "capture_output": True}
    done = subprocess.run(command, check=False, **settings)
    assert Step(**json.loads(done.stdout)).after == file_digest(tmp_path / "o" / "a.gguf")
    (converter / "convert_lora_to_gguf.py").write_text("raise SystemExit('no such layer')")
    assert subprocess.run(command, check=False, **settings).returncode == 1
    assert "no such layer" in json.loads((tmp_path / "error.json").read_text())["detail"]


def _generations(model: LanguageModel) -> list[Generation]:
    return [
        model.generate(
            render(EVERYTHING, document_from_text(text).pages), build_grammar(EVERYTHING, text), limits=Limits()
        )
        for text in TEXTS
    ]


@pytest.mark.slow
def test_adapter_on_its_base_answers_as_the_merged_model(converter: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    base, adapter, merged = (tmp_path / name for name in ("base", "adapter", "merged"))
    base.mkdir()
    write_folder(Llama(Shape(width=32, layers=1, heads=2, head=16, inner=64)), STARTER / "tokenizer.model", base)
    # Weights that were not trained, but drawn: at the usual start an adapter changes nothing.
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", init_lora_weights=False)
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), config)
    model.save_pretrained(adapter)
    model.merge_and_unload().save_pretrained(merged)
    for name in ("tokenizer.model", "tokenizer_config.json"):
        (merged / name).write_bytes((base / name).read_bytes())
    for folder in (base, merged):
        convert(folder, tmp_path / f"{folder.name}.gguf", converter=converter, name=folder.name)
    step = make_adapter(adapter, tmp_path / "adapter.gguf", base=base, converter=converter)
    with (
        LlamaCppModel.load(tmp_path / "base.gguf", threads=1) as bare,
        LlamaCppModel.load(tmp_path / "merged.gguf", threads=1) as whole,
    ):
        ours, theirs = (
            _generations(asked) for asked in (bare.adapted(tmp_path / "adapter.gguf", digest=step.after), whole)
        )
        assert [generation.tokens for generation in ours] == [generation.tokens for generation in theirs]
        for one, other in zip(ours, theirs, strict=True):
            shares = [[choice.probability for choice in generation.choices] for generation in (one, other)]
            assert np.allclose(*shares, atol=1e-3)
        assert [generation.tokens for generation in _generations(bare)] != [one.tokens for one in ours]


def test_a_real_converter_refuses_what_is_no_model(converter: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"architectures": ["NoSuchModel"]}')
    with pytest.raises(ConversionFailed, match="NoSuchModel"):
        convert(tmp_path, tmp_path / "x.gguf", converter=converter)
