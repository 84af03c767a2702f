"""A pypdf with known holes behind the walls: two loops end by the limit inside, and do not end outside."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bench.hostile import old_pypdf
from bench.hostile.old_pypdf import REPOSITORY, Attack, NotFetched, attacks, compare, fetch
from extraction.read.limits import MEBIBYTE, Limits


@pytest.fixture
def old() -> Path:
    """As `make old-pypdf` fetches it; the build has it fetched when it sets up the tests."""
    folder = REPOSITORY / "var" / "old-pypdf"
    if not (folder / old_pypdf.WHEEL).is_file():
        pytest.skip("needs the old pypdf, which `make old-pypdf` fetches")
    return fetch(folder)


def _attack(name: str) -> Attack:
    return next(attack for attack in attacks() if attack.name == name)


def test_what_hurts_the_old_library_ends_by_the_limit_inside(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_pypdf, "LIMITS", Limits(base_seconds=4.0, memory_bytes=1024 * MEBIBYTE))
    monkeypatch.setattr(old_pypdf, "WATCH_SECONDS", 4.0)
    figures = compare(old, [_attack("prev_loop")])
    assert figures["ended_inside"] == figures["readings_inside"] == 3
    assert (figures["limits_shipped"], figures["limits_old"], figures["limits_careless"]) == (0, 1, 1)
    assert figures["control_exploded"] == 1


def test_another_file_under_its_name_is_not_used(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / old_pypdf.WHEEL, "w") as archive:
        archive.writestr("pypdf/__init__.py", "raise SystemExit")
    with pytest.raises(NotFetched):
        fetch(tmp_path)
    assert not (tmp_path / "pypdf").exists()
