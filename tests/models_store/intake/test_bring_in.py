"""A checked model becomes weights, a GGUF and a card in the store; a converter that is a fake writes the GGUF."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from models_store.card import ModelState
from models_store.convert import ConversionFailed, ConverterMissing, Quantization
from models_store.durable import file_digest
from models_store.intake import bring_in as bringing
from models_store.intake.bring_in import LONGEST_CONTEXT, Means, Wishes, bring_in
from models_store.intake.check import inspect
from models_store.intake.checkpoint import check_checkpoint
from models_store.intake.errors import ChecksumWrong, NoRoom
from models_store.starter.random_weights import export_random
from models_store.store import list_models, model_path, verify
from models_store.weights import list_weights, weights_path
from tests.models_store.intake.made import checkpoint, gguf

pytestmark = pytest.mark.model
_FAKE = """
import pathlib, shutil, sys
here = pathlib.Path(__file__).parent
names = {path.name for path in pathlib.Path(sys.argv[1]).iterdir()}
text = (pathlib.Path(sys.argv[1]) / "tokenizer_config.json").read_text()
assert "config.json" in names and "chat_template" not in text
shutil.copyfile(here / "whole.gguf", sys.argv[sys.argv.index("--outfile") + 1])
"""


class Free(NamedTuple):
    free: int


@pytest.fixture(scope="module")
def converter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It writes a tiny model of random weights, whatever it is given, and looks for templates in its folder."""
    folder = tmp_path_factory.mktemp("converter")
    shutil.move(export_random(folder), folder / "whole.gguf")
    for name in ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py"):
        (folder / name).write_text(_FAKE)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_checkpoint_is_kept_with_its_weights(converter: Path, root: Path, tmp_path: Path) -> None:
    medium = checkpoint(tmp_path / "medium")
    (medium / "LICENSE").write_text("Do what you like.")
    found, steps = check_checkpoint(medium), []
    card = bring_in(found, medium, Wishes("mine"), Means(converter, steps.append), root=root)
    assert steps == ["copy", "convert", "quantize", "keep"]
    assert [(model.card, model.state) for model in list_models(root=root)] == [(card, ModelState.IMPORTED)]
    verify(card.digest, root=root)
    kept = weights_path(card.weights, root=root)
    assert {path.name for path in kept.iterdir()} >= {"config.json", "model.safetensors", "tokenizer.model", "LICENSE"}
    assert "chat_template" not in (kept / "tokenizer_config.json").read_text()
    assert (card.name, card.quantization, card.licence, card.context_tokens) == ("mine", "Q8_0", "apache-2.0", 128)
    origin = card.model_dump()["origin"]
    assert origin["chat_template"] == "taken out"
    assert origin["untrusted_licence_text"] == "Do what you like."
    assert {file["name"]: file["sha256"] for file in origin["files"]}["config.json"] == file_digest(
        medium / "config.json"
    )
    assert [path.name for path in root.iterdir() if path.name.startswith(".intake")] == []


def test_the_quantization_is_the_one_that_is_wished(converter: Path, root: Path, tmp_path: Path) -> None:
    medium = checkpoint(tmp_path / "medium")
    wishes = Wishes("small", quantization=Quantization.Q4_0)
    card = bring_in(check_checkpoint(medium), medium, wishes, Means(converter), root=root)
    assert card.quantization == "Q4_0"
    assert model_path(card.digest, root=root).stat().st_size < (converter / "whole.gguf").stat().st_size / 2


def test_a_context_that_is_claimed_is_not_given(converter: Path, root: Path, tmp_path: Path) -> None:
    medium = checkpoint(tmp_path / "medium", config={"max_position_embeddings": 131_072})
    card = bring_in(check_checkpoint(medium), medium, Wishes("long"), Means(converter), root=root)
    assert card.context_tokens == LONGEST_CONTEXT
    assert card.model_dump()["origin"]["claimed_context"] == 131_072


def test_what_changes_after_the_check_is_not_taken(converter: Path, root: Path, tmp_path: Path) -> None:
    medium = checkpoint(tmp_path / "medium")
    found = check_checkpoint(medium)
    (medium / "tokenizer.model").write_bytes(b"others")
    with pytest.raises(ChecksumWrong):
        bring_in(found, medium, Wishes("mine"), Means(converter), root=root)
    assert list_models(root=root) == []
    assert list_weights(root=root) == ()


@pytest.mark.parametrize("script", ["raise SystemExit(3)", ""], ids=["stops", "writes nothing"])
def test_a_conversion_that_fails_leaves_nothing(script: str, converter: Path, root: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(converter, broken)
    (broken / "convert_hf_to_gguf.py").write_text(script)
    medium = checkpoint(tmp_path / "medium")
    with pytest.raises(ConversionFailed):
        bring_in(check_checkpoint(medium), medium, Wishes("mine"), Means(broken), root=root)
    assert list_models(root=root) == []
    assert list_weights(root=root) == ()


def test_without_a_converter_it_says_what_to_do(root: Path, tmp_path: Path) -> None:
    medium = checkpoint(tmp_path / "medium")
    with pytest.raises(ConverterMissing) as missing:
        bring_in(check_checkpoint(medium), medium, Wishes("mine"), Means(tmp_path / "none"), root=root)
    assert "pip download" in missing.value.next_step


def test_a_full_disk_is_told_before_anything_is_copied(
    converter: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = checkpoint(tmp_path / "medium")
    found = check_checkpoint(medium)
    monkeypatch.setattr(bringing.shutil, "disk_usage", lambda path: Free(1 << 20))
    with pytest.raises(NoRoom, match="1 MiB are free"):
        bring_in(found, medium, Wishes("mine"), Means(converter), root=root)
    assert list(root.iterdir()) == []


def test_a_gguf_is_kept_without_its_template(converter: Path, root: Path, tmp_path: Path) -> None:
    medium = tmp_path / "tiny.gguf"
    medium.write_bytes(gguf())
    found = inspect(medium)
    card = bring_in(found, medium, Wishes("tiny", tunable=False), Means(converter), root=root)
    assert (card.weights, card.quantization) == ("", "F32")
    assert card.digest != found.files[0].sha256
    assert card.model_dump()["origin"]["files"][0]["sha256"] == found.files[0].sha256
    assert b"chat_template" not in model_path(card.digest, root=root).read_bytes()
    assert json.loads(card.model_dump_json())["origin"]["chat_template"] == "taken out"


@pytest.mark.slow
def test_a_gguf_that_cannot_be_read_back_is_kept_all_the_same(converter: Path, root: Path, tmp_path: Path) -> None:
    """It can be used; the card says why it cannot be trained."""
    medium = tmp_path / "tiny.gguf"
    medium.write_bytes(gguf())
    card = bring_in(inspect(medium), medium, Wishes("tiny"), Means(converter), root=root)
    assert card.weights == ""
    assert "cannot be fine-tuned here" in str(card.limits)
