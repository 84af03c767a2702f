"""Names, places and words to write documents with. Drawn from Faker once, then kept as lists.

pools.json.gz holds them, so that a box without Faker can make up documents; from a fixed seed, by

    python -m models_store.starter.factory.pools
"""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def tables(name: str) -> dict[str, dict[str, Any]]:
    """All tables of that name, of the factory and of its families, each key once. Raises ValueError on a key twice."""
    merged: dict[str, dict[str, Any]] = {}
    for path in sorted(Path(__file__).parent.rglob(name)):
        for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            _join(merged, key, value, path)
    return merged


def _join(merged: dict[str, dict[str, Any]], key: str, value: Any, path: Path) -> None:
    """Adds a list, or the entries of a table."""
    twice = {key} & merged.keys()
    if isinstance(value, dict):
        twice = merged.setdefault(key, {}).keys() & value.keys()
        merged[key] |= value
    else:
        merged[key] = value
    if twice:
        raise ValueError(f"{path}: {', '.join(sorted(twice))} is there twice")


WORDS: dict[str, list[str]] = {name: list(words) for name, words in tables("words.toml").items()}
"""Lists of words by name: goods, drugs, laboratory tests ..."""
LOCALES = tuple(WORDS["locales"])
SHIPPED = Path(__file__).parent / "pools.json.gz"


@dataclass(frozen=True, slots=True)
class Pools:
    """Lists of all countries, and `homes`: the lists of each country by its locale. `repertoires`: what each writer was
    seen to state with these lists, kept here because other lists give others."""

    company: list[str]
    person: list[str]
    first: list[str]
    last: list[str]
    street: list[str]
    city: list[str]
    postcode: list[str]
    state: list[str]
    country: list[str]
    job: list[str]
    word: list[str]
    homes: dict[str, dict[str, list[str]]]
    repertoires: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict, compare=False, repr=False)


def load_pools(cache: Path | None = None) -> Pools:
    """The pools from `cache`, or else those that are shipped, where they were made of the same sources; else built
    (some seconds, and Faker must be installed) and written to `cache`."""
    for kept in filter(None, (cache, SHIPPED)):
        homes = _kept(kept)
        if homes is not None:
            return _pools(homes)
    homes = _homes(LOCALES, 1.0)
    if cache is not None:
        write_pools(homes, cache)
    return _pools(homes)


def write_pools(homes: dict[str, dict[str, list[str]]], path: Path) -> None:
    """Packed where the name ends in .gz; the same lists give the same bytes."""
    content = json.dumps({"sources": sources_digest(), "homes": homes}, ensure_ascii=False).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)


def _kept(path: Path) -> dict[str, dict[str, list[str]]] | None:
    """The lists in a file; None where there are none, or those of other sources."""
    if not path.exists():
        return None
    content = path.read_bytes()
    kept = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    homes: dict[str, dict[str, list[str]]] = kept["homes"]
    return homes if kept.get("sources") == sources_digest() else None


def build_pools(locales: tuple[str, ...] = LOCALES, share: float = 1.0) -> Pools:
    """Fresh pools; the same locales and share give the same lists. `share` scales the number of draws."""
    return _pools(_homes(locales, share))


def sources_digest() -> str:
    """SHA-256 of what decides the lists: the countries, how much is drawn, and how it is kept."""
    return hashlib.sha256(json.dumps(["2", LOCALES, _SOURCES, _SENTENCES]).encode()).hexdigest()


def _homes(locales: tuple[str, ...], share: float) -> dict[str, dict[str, list[str]]]:
    # Faker is a tool of the factory only: the appliance installs and runs without it.
    from faker import Faker

    homes: dict[str, dict[str, list[str]]] = {}
    for index, locale in enumerate(locales):
        fake = Faker(locale)
        fake.seed_instance(100 + index)
        lists = homes[locale] = {}
        for name, (method, count) in _SOURCES.items():
            draw: Callable[[], object] | None = getattr(fake, method, None)
            if draw is not None:
                drawn = (" ".join(str(draw()).split()) for _ in range(max(4, int(count * share))))
                lists[name] = [text for text in drawn if text and max(text) < _END_OF_LATIN]
        text = " ".join(fake.sentence(12) for _ in range(max(4, int(_SENTENCES * share)))).replace(".", " ")
        lists["word"] = sorted({w.lower() for w in text.split() if w.isalpha() and 2 < len(w) < 14})
    return homes


def _pools(homes: dict[str, dict[str, list[str]]]) -> Pools:
    joined = {name: [text for lists in homes.values() for text in lists.get(name, ())] for name in (*_SOURCES, "word")}
    joined["word"] = sorted({word for word in joined["word"] if max(word) < _END_OF_LATIN})
    return Pools(**joined, homes=homes)


_SENTENCES = 150
_END_OF_LATIN = "\u2000"
_SOURCES = {
    "company": ("company", 500),
    "person": ("name", 500),
    "first": ("first_name", 250),
    "last": ("last_name", 350),
    "street": ("street_address", 400),
    "city": ("city", 250),
    "postcode": ("postcode", 250),
    "state": ("state", 40),
    "country": ("country", 40),
    "job": ("job", 60),
}


if __name__ == "__main__":
    write_pools(_homes(LOCALES, 1.0), SHIPPED)
