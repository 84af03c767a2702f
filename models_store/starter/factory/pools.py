"""Names, places and words to write documents with. Drawn from Faker once, then kept as lists."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True, slots=True)
class Pools:
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


def load_pools(cache: Path) -> Pools:
    """The pools, from `cache` where it exists; else built (about 20 s) and written there."""
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(asdict(build_pools()), ensure_ascii=False), encoding="utf-8")
    return Pools(**json.loads(cache.read_text(encoding="utf-8")))


def build_pools(locales: tuple[str, ...] = LOCALES, share: float = 1.0) -> Pools:
    """Fresh pools; the same locales and share give the same lists. `share` scales the number of draws."""
    # Faker is a tool of the factory only: the appliance installs and runs without it.
    from faker import Faker

    lists: dict[str, list[str]] = {name: [] for name in Pools.__dataclass_fields__}
    for index, locale in enumerate(locales):
        fake = Faker(locale)
        fake.seed_instance(100 + index)
        for name, (method, count) in _SOURCES.items():
            draw: Callable[[], object] | None = getattr(fake, method, None)
            if draw is not None:
                lists[name] += [" ".join(str(draw()).split()) for _ in range(max(4, int(count * share)))]
        text = " ".join(fake.sentence(12) for _ in range(max(4, int(150 * share)))).replace(".", " ")
        lists["word"] += sorted({w.lower() for w in text.split() if w.isalpha() and 2 < len(w) < 14})
    lists["word"] = sorted(set(lists["word"]))
    return Pools(**lists)


_SOURCES = {
    "company": ("company", 400),
    "person": ("name", 500),
    "first": ("first_name", 200),
    "last": ("last_name", 300),
    "street": ("street_address", 400),
    "city": ("city", 200),
    "postcode": ("postcode", 200),
    "state": ("state", 40),
    "country": ("country", 40),
    "job": ("job", 60),
}
