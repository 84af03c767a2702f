"""Labelled real documents among the made-up ones: a file of ready samples, asked about in other words each time.

{"writer":"sroie","fields":[…],"pages":["…"],"answer":{"company":"…"}}     one sample a line
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from extraction.schema import FieldSpec
from models_store.starter.factory.stream import Sample
from models_store.starter.variation import varied


@dataclass(frozen=True, slots=True)
class Labelled:
    """Samples by the set that they come from, and the digest of their file."""

    sets: dict[str, list[Sample]]
    digest: str

    def facts(self) -> dict[str, Any]:
        """For the card: what was used, and how much of it."""
        return {"sha256": self.digest, "samples": {name: len(samples) for name, samples in self.sets.items()}}


def write_samples(samples: Iterable[Sample], path: Path) -> Counter[str]:
    """Returns how many there are of each set; `Sample.writer` names it."""
    counts: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as file:
        for sample in samples:
            counts[sample.writer] += 1
            fields = [spec.model_dump(mode="json", exclude_defaults=True) for spec in sample.fields]
            line = {"writer": sample.writer, "fields": fields, "pages": sample.pages, "answer": sample.answer}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return counts


def read_samples(path: Path) -> Labelled:
    """Raises OSError, ValueError (pydantic's too) for a file that is not such a one."""
    sets: defaultdict[str, list[Sample]] = defaultdict(list)
    content = path.read_bytes()
    for line in content.decode("utf-8").splitlines():
        entry = json.loads(line)
        fields = tuple(FieldSpec.model_validate(spec) for spec in entry["fields"])
        sets[entry["writer"]].append(Sample(entry["writer"], False, fields, tuple(entry["pages"]), entry["answer"]))
    return Labelled(dict(sets), hashlib.sha256(content).hexdigest())


def shown(labelled: Labelled, random: Random) -> Iterator[Sample]:
    """Samples without end, varied. A set is drawn by the square root of its size: large ones do not drown small ones,
    small ones are not learnt by heart."""
    names = list(labelled.sets)
    weights = [len(labelled.sets[name]) ** 0.5 for name in names]
    decks = {name: _shuffled(labelled.sets[name], random) for name in names}
    while True:
        name = random.choices(names, weights)[0]
        yield varied(next(decks[name]), random, names_vary=True)


def _shuffled(samples: list[Sample], random: Random) -> Iterator[Sample]:
    """Every sample once before any comes again."""
    while True:
        yield from random.sample(samples, len(samples))
