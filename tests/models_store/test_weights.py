"""Trainable weights in the store: whole or absent, shared, and never anything that could be run."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from models_store import store
from models_store.store import STARTER, StoreError
from models_store.weights import MANIFEST, add_weights, has_weights, list_weights, manifest_digest, weights_path
from tests.models_store.test_removal import checkpoint


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return checkpoint(tmp_path / "checkpoint")


def test_weights_can_be_read_back(root: Path, folder: Path) -> None:
    (folder / "tokenizer.model").write_text("pieces")
    digest = add_weights(folder, root=root)
    kept = weights_path(digest, root=root)
    assert sorted(path.name for path in kept.iterdir()) == [
        "config.json",
        MANIFEST,
        "model.safetensors",
        "tokenizer.model",
    ]
    assert (kept / "tokenizer.model").read_text() == "pieces"
    assert manifest_digest(json.loads((kept / MANIFEST).read_text())) == digest
    assert list_weights(root=root) == (digest,)


def test_the_same_bytes_are_kept_once_and_others_get_another_name(root: Path, folder: Path, tmp_path: Path) -> None:
    digest = add_weights(folder, root=root)
    written = (weights_path(digest, root=root) / MANIFEST).stat().st_mtime_ns
    assert add_weights(folder, root=root) == digest
    assert (weights_path(digest, root=root) / MANIFEST).stat().st_mtime_ns == written
    assert add_weights(checkpoint(tmp_path / "other", "other tensors"), root=root) != digest


def test_what_could_be_run_is_left_out(root: Path, folder: Path) -> None:
    for name in ("modeling.py", "pytorch_model.bin", "training_args.pt", "model.gguf", "chat_template.jinja"):
        (folder / name).write_text("import os")
    (folder / "more").mkdir()
    kept = weights_path(add_weights(folder, root=root), root=root)
    assert sorted(path.name for path in kept.iterdir()) == ["config.json", MANIFEST, "model.safetensors"]


@pytest.mark.parametrize("missing", ["config.json", "model.safetensors"])
def test_a_folder_without_weights_is_refused(root: Path, folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(StoreError, match="no weights that can be trained on"):
        add_weights(folder, root=root)
    assert list_weights(root=root) == ()


def test_links_are_refused(root: Path, folder: Path) -> None:
    (folder / "LICENSE").symlink_to("/etc/hostname")
    with pytest.raises(StoreError, match="LICENSE is not a plain file"):
        add_weights(folder, root=root)


@pytest.mark.parametrize("change", ["altered", "gone", "list"])
def test_damage_is_found(root: Path, folder: Path, change: str) -> None:
    digest = add_weights(folder, root=root)
    kept = weights_path(digest, root=root)
    if change == "list":
        (kept / MANIFEST).write_text('{"../../secret": "0"}')
    elif change == "gone":
        (kept / "config.json").unlink()
    else:
        (kept / "model.safetensors").write_text("Tensors")
    with pytest.raises(StoreError, match="damaged"):
        weights_path(digest, root=root)


@pytest.mark.parametrize("digest", ["", "..", "a" * 63, "A" * 64])
def test_only_a_digest_names_weights(root: Path, digest: str) -> None:
    assert not has_weights(digest, root=root)
    with pytest.raises(StoreError, match="64 hexadecimal digits"):
        weights_path(digest, root=root)


def test_absent_weights_are_said_so(root: Path) -> None:
    with pytest.raises(StoreError, match="no trainable weights"):
        weights_path("a" * 64, root=root)


def test_what_was_cut_short_is_not_there_and_is_made_good(root: Path, folder: Path, tmp_path: Path) -> None:
    digest = add_weights(folder, root=tmp_path / "elsewhere")
    half = root / "weights" / f"{digest}.part"
    half.mkdir(parents=True)
    (half / "model.safetensors").write_text("ten")
    assert list_weights(root=root) == ()
    assert add_weights(folder, root=root) == digest
    weights_path(digest, root=root)
    assert not half.exists()


def _add(folder: str, root: str) -> None:
    add_weights(Path(folder), root=Path(root))


def test_two_processes_may_add_the_same(root: Path, folder: Path) -> None:
    (folder / "model.safetensors").write_text("t" * 5_000_000)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add, args=(str(folder), str(root))) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    (digest,) = list_weights(root=root)
    weights_path(digest, root=root)


@pytest.mark.model
def test_the_starter_brings_what_it_is_trained_on(root: Path) -> None:
    card = store.install_starter(root=root)
    assert card is not None
    kept = weights_path(card.weights, root=root)
    assert {path.name for path in kept.iterdir()} >= {"config.json", "model.safetensors", "tokenizer.model"}
    assert (kept / "model.safetensors").read_bytes() == (STARTER / "model.safetensors").read_bytes()
    assert store.read_card(card.digest, root=root) == card


@pytest.mark.model
def test_a_starter_of_an_older_release_learns_where_its_weights_are(root: Path) -> None:
    card = store.install_starter(root=root)
    assert card is not None
    old = card.model_dump(mode="json", exclude={"weights", "adapter_file"})
    (root / card.digest / store.CARD).write_text(json.dumps(old))
    assert store.read_card(card.digest, root=root).weights == ""
    store.install_starter(root=root)
    assert store.read_card(card.digest, root=root) == card
