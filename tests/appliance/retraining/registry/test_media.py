"""What lies on a medium is listed by name alone, and found by comparing names."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.retraining.registry import media
from appliance.retraining.registry.errors import MediumAway, NotOnMedium
from appliance.retraining.registry.media import Sort
from appliance.retraining.registry.models import JobKind, ModelJob


def test_each_entry_is_named_for_what_it_seems_to_be(medium: Path) -> None:
    (medium / "a folder").mkdir()
    (medium / "a folder" / "config.json").write_text("{}")
    (medium / "a folder" / "model.safetensors").write_bytes(b"12345")
    (medium / "no model").mkdir()
    (medium / "b.GGUF").write_bytes(b"123")
    (medium / "c.strongroom").write_bytes(b"1")
    (medium / "letter.pdf").write_bytes(b"")
    (medium / ".hidden.gguf").write_bytes(b"")
    assert [(item.untrusted_name, item.sort, item.size) for item in media.items()] == [
        ("a folder", Sort.CHECKPOINT, 7),
        ("b.GGUF", Sort.GGUF, 3),
        ("c.strongroom", Sort.BUNDLE, 1),
        ("letter.pdf", Sort.OTHER, 0),
        ("no model", Sort.OTHER, 0),
    ]


def test_a_link_is_no_model_and_is_not_followed(medium: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.gguf").write_bytes(b"secret")
    (medium / "link.gguf").symlink_to(tmp_path / "secret.gguf")
    (medium / "real.gguf").write_bytes(b"real")
    assert {item.untrusted_name: item.is_model for item in media.items()} == {"link.gguf": False, "real.gguf": True}
    with pytest.raises(NotOnMedium):
        media.path_of("link.gguf")
    assert media.path_of("real.gguf") == medium / "real.gguf"  # control


@pytest.mark.parametrize("name", ["../secret.gguf", "..", ".", "/etc/passwd", "", "real.gguf/", "sub/real.gguf"])
def test_a_name_leads_nowhere_but_to_an_entry(medium: Path, name: str) -> None:
    (medium.parent / "secret.gguf").write_bytes(b"secret")
    (medium / "sub").mkdir()
    (medium / "sub" / "real.gguf").write_bytes(b"real")
    (medium / "real.gguf").write_bytes(b"real")
    with pytest.raises(NotOnMedium):
        media.path_of(name)


def test_a_medium_that_is_away_is_told(medium: Path) -> None:
    medium.rmdir()
    with pytest.raises(MediumAway):
        media.items()
    with pytest.raises(MediumAway):
        media.path_of("real.gguf")


def test_an_upload_is_kept_under_a_name_of_our_own_and_discarded(medium: Path) -> None:
    place = media.keep_upload([b"one", b"two"])
    job = ModelJob(kind=JobKind.CHECK, subject="../../etc/passwd", options={"upload": place})
    path = media.path_of_job(job)
    assert (path.read_bytes(), path.parent) == (b"onetwo", media.uploads_folder())
    media.discard_upload(place)
    with pytest.raises(NotOnMedium):
        media.path_of_job(job)
