"""A bundle comes back as it was written, or not at all."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from extraction.language_model import adapted_digest
from models_store.card import ModelCard, ModelState
from models_store.durable import file_digest
from models_store.intake.bundle import import_bundle, make_bundle, read_public_key, verify_bundle, write_bundle
from models_store.intake.errors import BrokenModel, BundleBroken, IntakeError, SignerUnknown
from models_store.store import StoreError, add, add_adapter, list_models, model_path, read_card, verify
from models_store.weights import add_weights, list_weights, weights_path
from tests.models_store.intake import made
from tests.models_store.intake.made import checkpoint, gguf

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
TRUSTED = (OTHER.public_key(), KEY.public_key())
Members = list[tuple[str, bytes]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def card(root: Path, tmp_path: Path) -> ModelCard:
    """A model with trainable weights and an adapter."""
    model, adapter = tmp_path / "m.gguf", tmp_path / "a.gguf"
    model.write_bytes(gguf({"tokenizer.chat_template": None}))
    adapter.write_bytes(made.adapter())
    weights = add_weights(checkpoint(tmp_path / "weights"), root=root)
    card = ModelCard(
        digest=file_digest(model), name="tiny", context_tokens=128, weights=weights, adapter_file=file_digest(adapter)
    )
    add(model, card, root=root, adapter=adapter)
    return card


@pytest.fixture
def bundle(root: Path, card: ModelCard, tmp_path: Path) -> Path:
    write_bundle(make_bundle(card.digest, KEY, root=root), tmp_path / "model.strongroom")
    return tmp_path / "model.strongroom"


def _members(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return [(info.name, tar.extractfile(info).read()) for info in tar.getmembers()]  # type: ignore[union-attr]


def _packed(path: Path, members: Members) -> Path:
    """A tar of these members as an attacker would write it, headers in our own form."""
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    size = sum(512 + len(content) + -len(content) % 512 for _, content in members) + 1024
    path.write_bytes(path.read_bytes()[:size])
    return path


def test_a_bundle_comes_back_whole(bundle: Path, card: ModelCard, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert import_bundle(bundle, TRUSTED, root=other) == card
    assert [(model.card, model.state) for model in list_models(root=other)] == [(card, ModelState.IMPORTED)]
    assert model_path(card.digest, root=other).read_bytes() == model_path(card.digest, root=root).read_bytes()
    assert weights_path(card.weights, root=other).is_dir()
    assert (model_path(card.digest, root=other).parent / "adapter.gguf").read_bytes() == made.adapter()
    assert not list(other.glob(".intake-*"))


def test_the_same_model_gives_the_same_bytes(bundle: Path, card: ModelCard, root: Path) -> None:
    again = make_bundle(card.digest, KEY, root=root)
    content = b"".join(again.chunks)
    assert content == bundle.read_bytes()
    assert len(content) == again.size


def test_any_program_for_archives_can_list_it(bundle: Path) -> None:
    names = [name for name, _ in _members(bundle)]
    assert names[:5] == ["manifest.json", "manifest.sig", "card.json", "model.gguf", "adapter.gguf"]
    assert "weights/model.safetensors" in names


def test_a_bundle_without_weights_cannot_be_tuned_there(root: Path, card: ModelCard, tmp_path: Path) -> None:
    write_bundle(make_bundle(card.digest, KEY, root=root, with_weights=False), tmp_path / "b")
    import_bundle(tmp_path / "b", TRUSTED, root=tmp_path / "other")
    assert read_card(card.digest, root=tmp_path / "other").weights == ""
    assert list_weights(root=tmp_path / "other") == ()


def test_a_stranger_is_refused(bundle: Path, tmp_path: Path) -> None:
    for trusted in ((), (OTHER.public_key(),)):
        with pytest.raises(SignerUnknown):
            import_bundle(bundle, trusted, root=tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_repacking_alone_is_no_tampering(bundle: Path, tmp_path: Path) -> None:
    """The control of the tests below."""
    assert _packed(tmp_path / "again", _members(bundle)).read_bytes() == bundle.read_bytes()
    verify_bundle(tmp_path / "again", TRUSTED)


NAMES = (
    "manifest.json", "manifest.sig", "card.json", "model.gguf", "adapter.gguf", "weights/config.json",
    "weights/model.safetensors", "weights/tokenizer.model", "weights/tokenizer_config.json",
)  # fmt: skip
Change = Callable[[Members, int], Members]
CHANGES: dict[str, Change] = {
    "changed": lambda all_of, at: [*all_of[:at], (all_of[at][0], _flipped(all_of[at][1])), *all_of[at + 1 :]],
    "removed": lambda all_of, at: [*all_of[:at], *all_of[at + 1 :]],
    "renamed": lambda all_of, at: [*all_of[:at], ("weights/other", all_of[at][1]), *all_of[at + 1 :]],
    "moved outside": lambda all_of, at: [*all_of[:at], ("../" + all_of[at][0], all_of[at][1]), *all_of[at + 1 :]],
    "cut": lambda all_of, at: [*all_of[:at], (all_of[at][0], all_of[at][1][:-1]), *all_of[at + 1 :]],
    "grown": lambda all_of, at: [*all_of[:at], (all_of[at][0], all_of[at][1] + b"\0"), *all_of[at + 1 :]],
    "twice": lambda all_of, at: [*all_of[: at + 1], *all_of[at:]],
    "with another before": lambda all_of, at: [*all_of[:at], ("weights/evil.py", b"x"), *all_of[at:]],
    "put last": lambda all_of, at: [*all_of[:at], *all_of[at + 1 :], all_of[at]],
}


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", sorted(CHANGES))
def test_any_change_of_any_member_is_refused(change: str, name: str, bundle: Path, tmp_path: Path) -> None:
    members = _members(bundle)
    at = [member for member, _ in members].index(name)
    if change == "put last" and at == len(members) - 1:
        at -= 1
    _packed(tmp_path / "bad", CHANGES[change](members, at))
    with pytest.raises(IntakeError) as refused:
        import_bundle(tmp_path / "bad", TRUSTED, root=tmp_path / "other")
    assert isinstance(refused.value, BundleBroken | SignerUnknown)
    assert not (tmp_path / "other").exists()


def test_a_bundle_that_is_cut_or_flipped_anywhere_is_refused(bundle: Path, tmp_path: Path) -> None:
    content = bundle.read_bytes()
    bad = tmp_path / "bad"
    for at in range(0, len(content), 97):
        for changed in (content[:at], content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :]):
            bad.write_bytes(changed)
            with pytest.raises(IntakeError):
                verify_bundle(bad, TRUSTED)
    bad.write_bytes(content + b"\0")
    with pytest.raises(BundleBroken, match="end"):
        verify_bundle(bad, TRUSTED)


def _signed_anew(members: Members, change: Callable[[dict[str, object]], object]) -> Members:
    """As a trusted box that lies: the manifest changed and signed."""
    manifest = json.loads(members[0][1])
    change(manifest)
    content = json.dumps(manifest).encode()
    return [("manifest.json", content), ("manifest.sig", KEY.sign(content)), *members[2:]]


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(form="strongroom model bundle 2"),
        lambda manifest: manifest.update(model="0" * 64),
        lambda manifest: manifest.update(weights="0" * 64),
        lambda manifest: manifest["members"][1].update(name="../../model.gguf"),
        lambda manifest: manifest["members"][1].update(name="/etc/passwd"),
        lambda manifest: manifest["members"][1].update(name="weights/../model.gguf"),
        lambda manifest: manifest["members"][1].update(size=-1),
        lambda manifest: manifest["members"].append(dict(manifest["members"][0])),
        lambda manifest: manifest["members"].pop(),
        lambda manifest: manifest.update(members=[]),
    ],
    ids=["form", "model", "weights", "parent", "absolute", "roundabout", "size", "twice", "one less", "none"],
)
def test_a_signed_lie_is_refused(change: Callable[[dict[str, object]], object], bundle: Path, tmp_path: Path) -> None:
    _packed(tmp_path / "bad", _signed_anew(_members(bundle), change))
    with pytest.raises(BundleBroken):
        import_bundle(tmp_path / "bad", TRUSTED, root=tmp_path / "other")
    assert not list((tmp_path / "other").glob("*/card.json"))


def test_what_a_trusted_box_signed_is_checked_all_the_same(root: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(gguf({"llama.block_count": 3}))
    card = ModelCard(digest=file_digest(broken), name="broken", context_tokens=128)
    add(broken, card, root=root)
    write_bundle(make_bundle(card.digest, KEY, root=root), tmp_path / "b")
    verify_bundle(tmp_path / "b", TRUSTED)
    with pytest.raises(BrokenModel):
        import_bundle(tmp_path / "b", TRUSTED, root=tmp_path / "other")
    assert list_models(root=tmp_path / "other") == []


def test_keys_are_read_from_files(tmp_path: Path) -> None:
    path = tmp_path / "box.pub"
    path.write_text(KEY.public_key().public_bytes_raw().hex() + "\n")
    assert read_public_key(path) == KEY.public_key()
    for content in (b"", b"00", b"\xff" * 64, b"z" * 64):
        path.write_bytes(content)
        with pytest.raises(SignerUnknown):
            read_public_key(path)


def _adapter_alone(root: Path, base: str, content: bytes, folder: Path) -> ModelCard:
    file = folder / "alone.gguf"
    file.write_bytes(content)
    own = file_digest(file)
    card = ModelCard(
        digest=adapted_digest(base, own), name="for invoices", base=base, runs_on=base, adapter_file=own,
        document_type="invoice", context_tokens=128,
    )  # fmt: skip
    add_adapter(file, card, root=root)
    return card


def test_an_adapter_travels_without_the_model_below_it(
    bundle: Path, root: Path, card: ModelCard, tmp_path: Path
) -> None:
    alone = _adapter_alone(root, card.digest, made.adapter(), tmp_path)
    write_bundle(make_bundle(alone.digest, KEY, root=root), tmp_path / "adapter.strongroom")
    assert [name for name, _ in _members(tmp_path / "adapter.strongroom")][2:] == ["card.json", "adapter.gguf"]

    other = tmp_path / "other"
    with pytest.raises(StoreError, match=card.digest):  # not without the model that it needs
        import_bundle(tmp_path / "adapter.strongroom", TRUSTED, root=other)
    import_bundle(bundle, TRUSTED, root=other)
    assert import_bundle(tmp_path / "adapter.strongroom", TRUSTED, root=other) == alone
    verify(alone.digest, root=other)


@pytest.mark.parametrize(
    "content",
    [
        b"adapter",
        made.gguf(),
        made.adapter({"blk.0.attn_q.weight.lora_a": (32, 2)}),
        made.adapter({"blk.0.attn_q.weight.lora_a": (32, 2), "blk.0.attn_q.weight.lora_b": (3, 32)}),
        made.adapter({"blk.0.attn_q.weight.lora_a": (32, 2), "blk.0.attn_q.weight": (2, 32)}),
        made.adapter({}),
        made.adapter(keys={"general.architecture": "unheard of"}),
        made.adapter(keys={"adapter.type": "control_vector"}),
    ],
    ids=["no GGUF", "a model", "half a pair", "no pair", "a whole matrix", "nothing", "another family", "another kind"],
)
def test_an_adapter_is_checked_before_anything_loads_it(
    root: Path, card: ModelCard, content: bytes, tmp_path: Path
) -> None:
    alone = _adapter_alone(root, card.digest, content, tmp_path)
    write_bundle(make_bundle(alone.digest, KEY, root=root), tmp_path / "adapter.strongroom")
    with pytest.raises(IntakeError):
        import_bundle(tmp_path / "adapter.strongroom", TRUSTED, root=root)


@pytest.mark.parametrize("name", ["model.gguf", "adapter.gguf", "weights"])
def test_a_damaged_file_breaks_the_bundle_off_where_it_is_written(
    root: Path, card: ModelCard, name: str, tmp_path: Path
) -> None:
    write_bundle(make_bundle(card.digest, KEY, root=root), tmp_path / "sound.strongroom")  # control
    folder = root / card.digest
    damaged = weights_path(card.weights, root=root) / "model.safetensors" if name == "weights" else folder / name
    content = damaged.read_bytes()
    damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    bundle = make_bundle(card.digest, KEY, root=root)  # reads no weights, so that a large model begins to flow at once
    with pytest.raises(StoreError, match=f"{damaged.name} is damaged"):
        write_bundle(bundle, tmp_path / "damaged.strongroom")

    assert not (tmp_path / "damaged.strongroom").exists()
