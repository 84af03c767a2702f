"""The file of the box's keys."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from appliance.sealing import keyset
from appliance.sealing.errors import KeysetMissing, SealBroken

KEY, ABOUT = b"k" * 96, b"document"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> Path:
    settings.KEYS_DIR = tmp_path / "keys"
    keyset.make(keyset.path())
    return keyset.path()


def test_made_once_for_the_owner_only(place: Path) -> None:
    before = place.read_bytes()

    assert keyset.make(place) is False
    assert place.read_bytes() == before
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in place.parent.iterdir()] == [keyset.NAME]


def test_of_many_that_start_together_one_makes_it(tmp_path: Path) -> None:
    place = tmp_path / "fresh" / keyset.NAME
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keyset.make(place), range(8)))

    assert sum(made) == 1
    assert [path.name for path in place.parent.iterdir()] == [keyset.NAME]


def test_a_wrapped_key_opens_for_its_document_only() -> None:
    wrapped = keyset.current().wrap(KEY, ABOUT)

    assert keyset.current().unwrap(wrapped, ABOUT) == KEY
    assert KEY not in wrapped
    with pytest.raises(SealBroken):
        keyset.current().unwrap(wrapped, b"another")


def test_a_new_primary_encrypts_and_the_old_key_still_opens(place: Path) -> None:
    old, before = keyset.current(), keyset.current().wrap(KEY, ABOUT)
    new = keyset.add_primary(place)
    now = keyset.current()

    assert (now.primary, now.ids) == (new, {old.primary, new})
    assert now.unwrap(before, ABOUT) == KEY
    with pytest.raises(SealBroken):
        old.unwrap(now.wrap(KEY, ABOUT), ABOUT)


def test_a_removed_key_opens_nothing_any_more(place: Path) -> None:
    old, before = keyset.current().primary, keyset.current().wrap(KEY, ABOUT)
    keyset.add_primary(place)
    keyset.remove(place, [old])

    assert old not in keyset.current().ids
    with pytest.raises(SealBroken):
        keyset.current().unwrap(before, ABOUT)


def test_the_primary_is_never_removed(place: Path) -> None:
    primary = keyset.current().primary
    keyset.remove(place, [primary])

    assert keyset.current().ids == {primary}


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"\xff\xfe", json.dumps({"key": []}).encode()])
def test_a_file_that_is_no_keyset_is_told(place: Path, content: bytes) -> None:
    place.write_bytes(content)

    with pytest.raises(KeysetMissing, match=keyset.NAME):
        keyset.current()


def test_a_missing_file_is_told(place: Path) -> None:
    place.unlink()

    with pytest.raises(KeysetMissing, match="cannot be read"):
        keyset.current()
