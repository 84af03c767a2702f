"""Folders of transformers: nothing that runs, nothing that does not fit, nothing of an unknown kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models_store.intake.checkpoint import check_checkpoint
from models_store.intake.cleaned import copy_checkpoint
from models_store.intake.errors import (
    BrokenModel,
    ChecksumWrong,
    IntakeError,
    ModelTooLarge,
    NotAModel,
    UnknownFamily,
    UnsafeFile,
)
from models_store.intake.families import FAMILIES, family_of_architecture, family_of_gguf
from tests.models_store.intake.made import checkpoint, shapes


def test_a_right_folder_is_taken(tmp_path: Path) -> None:
    found = check_checkpoint(checkpoint(tmp_path / "m"))
    assert (found.family, found.vocabulary, found.context_tokens, found.numbers) == ("llama", 32, 128, "F32")
    assert found.untrusted_licence == "apache-2.0"
    assert "<b>model</b>" in found.untrusted_card_text
    assert found.has_template
    assert {file.name for file in found.files} == {
        "config.json", "model.safetensors", "tokenizer.model", "tokenizer_config.json",
    }  # fmt: skip
    assert "README.md" in found.warnings[0]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.key)
def test_every_family_is_found_by_its_names(family: object) -> None:
    assert family_of_architecture(getattr(family, "architecture", "")) is family
    named_alike = family_of_gguf(getattr(family, "gguf", ""))
    assert named_alike is family or named_alike.key == "llama"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "a.pt", "A.PKL", "w.ckpt", "x.npy", "modeling_x.py", "run.sh"])
def test_what_can_run_code_is_refused(name: str, tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    (folder / name).write_bytes(b"x")
    with pytest.raises(UnsafeFile, match=r"pickle|program"):
        check_checkpoint(folder)


def test_programs_are_left_behind_on_request_and_pickles_never_taken(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m", config={"auto_map": {"AutoModel": "modeling_x.Model"}})
    (folder / "modeling_x.py").write_text("raise SystemExit('run')")
    with pytest.raises(UnsafeFile):
        check_checkpoint(folder)
    found = check_checkpoint(folder, leave_programs=True)
    copy_checkpoint(folder, tmp_path / "copy", found)
    assert not list((tmp_path / "copy").glob("*.py"))
    assert "auto_map" not in json.loads((tmp_path / "copy" / "config.json").read_bytes())
    (folder / "model.bin").write_bytes(b"x")
    with pytest.raises(UnsafeFile, match="pickle"):
        check_checkpoint(folder, leave_programs=True)


def test_a_config_that_names_programs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeFile, match="auto_map"):
        check_checkpoint(checkpoint(tmp_path / "m", config={"auto_map": {"AutoModel": "x.y"}}))


def test_links_are_refused(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    (folder / "LICENSE").symlink_to("/etc/hostname")
    with pytest.raises(UnsafeFile, match="link"):
        check_checkpoint(folder)
    (tmp_path / "way").symlink_to(folder)
    with pytest.raises(NotAModel):
        check_checkpoint(tmp_path / "way")


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ({"architectures": ["MambaForCausalLM"]}, UnknownFamily),
        ({"architectures": None}, UnknownFamily),
        ({"architectures": ["LlamaForCausalLM", "Other"]}, UnknownFamily),
        ({"quantization_config": {"bits": 4}}, UnknownFamily),
        ({"num_hidden_layers": 3}, BrokenModel),
        ({"num_hidden_layers": "2"}, BrokenModel),
        ({"num_hidden_layers": True}, BrokenModel),
        ({"num_hidden_layers": 10**9}, ModelTooLarge),
        ({"vocab_size": 33}, BrokenModel),
        ({"vocab_size": 10**9}, ModelTooLarge),
        ({"hidden_size": 0}, BrokenModel),
        ({"intermediate_size": 15}, BrokenModel),
        ({"num_key_value_heads": 2}, BrokenModel),
        ({"max_position_embeddings": None}, BrokenModel),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value.code,
)
def test_a_config_that_does_not_fit_is_refused(
    config: dict[str, object], error: type[IntakeError], tmp_path: Path
) -> None:
    with pytest.raises(error):
        check_checkpoint(checkpoint(tmp_path / "m", config=config))


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("model.norm.weight"),
        lambda tensors: tensors.pop("model.layers.1.mlp.up_proj.weight"),
        lambda tensors: tensors.update({"model.layers.0.evil.weight": (8,)}),
        lambda tensors: tensors.update({"model.layers.7.mlp.up_proj.weight": (16, 8)}),
        lambda tensors: tensors.update({"model.embed_tokens.weight": (31, 8)}),
        lambda tensors: tensors.update({"../../escape": (8,)}),
    ],
    ids=["no last norm", "a layer lacks one", "an unknown name", "a layer too many", "a short table", "a path"],
)
def test_tensors_that_do_not_fit_are_refused(change: Callable[[dict[str, object]], object], tmp_path: Path) -> None:
    tensors = shapes()
    change(tensors)  # type: ignore[arg-type]
    with pytest.raises(BrokenModel):
        check_checkpoint(checkpoint(tmp_path / "m", tensors=tensors))


def test_a_folder_without_a_model_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotAModel):
        check_checkpoint(tmp_path / "empty")
    folder = checkpoint(tmp_path / "m")
    (folder / "tokenizer.model").unlink()
    with pytest.raises(BrokenModel, match="tokenizer"):
        check_checkpoint(folder)


@pytest.mark.parametrize("content", [b"{", b"[]", b"[" * 100_000], ids=["cut", "a list", "deep"])
def test_a_configuration_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    (folder / "tokenizer_config.json").write_bytes(content)
    with pytest.raises(BrokenModel, match=r"tokenizer_config\.json"):
        check_checkpoint(folder)


def test_a_list_of_checksums_is_believed(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  model.safetensors\n")
    assert "config.json is not in SHA256SUMS." in check_checkpoint(folder).warnings
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  model.safetensors\n")
    with pytest.raises(ChecksumWrong, match=r"model\.safetensors hashes to"):
        check_checkpoint(folder)
    (folder / "SHA256SUMS").write_text(f"{digest}  model-2.safetensors\n")
    with pytest.raises(ChecksumWrong, match="not there"):
        check_checkpoint(folder)


def test_the_copy_has_no_template_and_is_what_was_checked(tmp_path: Path) -> None:
    folder = checkpoint(tmp_path / "m")
    found = check_checkpoint(folder)
    copy_checkpoint(folder, tmp_path / "copy", found)
    assert json.loads((tmp_path / "copy" / "tokenizer_config.json").read_bytes()) == {
        "tokenizer_class": "LlamaTokenizer"
    }
    assert (tmp_path / "copy" / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()
    (folder / "tokenizer.model").write_bytes(b"others")
    with pytest.raises(ChecksumWrong, match=r"tokenizer\.model changed"):
        copy_checkpoint(folder, tmp_path / "again", found)
