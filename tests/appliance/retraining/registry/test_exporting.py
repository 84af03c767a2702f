"""Bundles: the log before the bytes, a key of the box's own, and boxes that are trusted by a file."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse

from appliance.audit.actions import Action
from appliance.audit.models import AuditEvent
from appliance.retraining.registry.exporting import (
    begin_export,
    file_name,
    public_text,
    signing_key,
    trusted_keys,
)
from models_store.intake.bundle import make_bundle, verify_bundle
from models_store.intake.errors import SignerUnknown
from tests.appliance.retraining.stored import put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any) -> Path:
    """Beside the keys of the log, which the tests share."""
    folder: Path = tmp_path / "keys"
    folder.mkdir()
    for path in settings.KEYS_DIR.iterdir():
        (folder / path.name).symlink_to(path)
    settings.KEYS_DIR = folder
    return folder


def test_a_bundle_is_downloaded_whole_and_stands_in_the_log(browser: Client, root: Path, tmp_path: Path) -> None:
    digest = put(root, "starter")
    answer = browser.post(reverse("retraining:registry:export", args=[digest]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    (tmp_path / "got").write_bytes(content)
    assert verify_bundle(tmp_path / "got", trusted_keys()).model == digest
    assert answer["Content-Length"] == str(len(content))
    assert answer["Content-Disposition"] == f'attachment; filename="starter-{digest[:12]}.strongroom"'
    event = AuditEvent.objects.get(action="model_exported")
    assert (event.object_id, event.actor, Action(event.action).is_sensitive) == (digest, "adam", True)


def test_a_model_that_is_not_there_is_told_and_not_recorded(browser: Client) -> None:
    answer = browser.post(reverse("retraining:registry:export", args=["0" * 64]), follow=True)
    assert "The store holds no model of this name or digest." in answer.content.decode()
    assert AuditEvent.objects.filter(action="model_exported").count() == 0


def test_a_damaged_model_is_not_exported(browser: Client, root: Path) -> None:
    digest = put(root, "starter")
    (root / digest / "model.gguf").unlink()
    browser.post(reverse("retraining:registry:export", args=[digest]))
    assert AuditEvent.objects.filter(action="model_exported").count() == 0


def test_the_key_is_made_once_and_readable_by_its_owner_alone(keys: Path) -> None:
    first = public_text(signing_key().public_key())
    assert public_text(signing_key().public_key()) == first
    assert stat.S_IMODE((keys / "bundle.key").stat().st_mode) == 0o600
    assert [path.name for path in keys.iterdir() if path.name.startswith("bundle")] == ["bundle.key"]


def test_another_box_is_trusted_by_a_file_alone(root: Path, keys: Path, tmp_path: Path) -> None:
    stranger = Ed25519PrivateKey.generate()
    path = tmp_path / "theirs"
    path.write_bytes(b"".join(make_bundle(put(root, "starter"), stranger, root=root).chunks))
    with pytest.raises(SignerUnknown):
        verify_bundle(path, trusted_keys())
    (keys / "trusted-boxes").mkdir()
    (keys / "trusted-boxes" / "berlin.pub").write_text(public_text(stranger.public_key()) + "\n")
    assert verify_bundle(path, trusted_keys()).signer == public_text(stranger.public_key())


def test_weights_stay_behind_where_they_are_not_wished(root: Path) -> None:
    digest = put(root, "starter")
    assert begin_export(by=None, digest=digest, with_weights=False).size > len("starter")
    assert "at the command line" in AuditEvent.objects.get(action="model_exported").reason


@pytest.mark.parametrize(("name", "expected"), [("a b\r\nX: y", "model"), ("qwen:3b", "qwen-3b"), ("ok", "ok")])
def test_a_name_that_could_break_a_header_does_not_get_into_it(root: Path, name: str, expected: str) -> None:
    digest = put(root, "any")
    card = root / digest / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "name": name}))
    assert file_name(digest) == f"{expected}-{digest[:12]}.strongroom"
