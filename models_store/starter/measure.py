"""Scores a GGUF on fresh made-up documents of the shipped types, decoded greedily under the grammar.

    python -m models_store.starter.measure --documents 20

Clean documents with label wordings the model was trained on, or with --held-out wordings it never saw. A value is right
when it equals the true one; lists count row by row and cell by cell.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path

from extraction.grammar import build_grammar
from extraction.language_model import Limits
from extraction.language_model_llama import LlamaCppModel
from extraction.prompt import Mark, Prompt, document_segments, schema_segments
from extraction.shipped_types import shipped_types
from models_store.starter.curriculum import LONGEST
from models_store.starter.factory.pools import Pools, load_pools
from models_store.starter.factory.schemas import Json
from models_store.starter.factory.stream import Order, Sample, samples
from models_store.store import STARTER, STARTER_WEIGHTS

SEED = 424_242
"""Far from the seeds of training and of its exams."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=STARTER / STARTER_WEIGHTS)
    parser.add_argument("--documents", type=int, default=20, help="of each type")
    parser.add_argument("--held-out", action="store_true", help="label wordings that were never trained on")
    parser.add_argument("--pools", type=Path, default=Path("var/starter/pools.json"))
    parser.add_argument("--show", type=int, default=0, help="print this many documents of each type with answers")
    settings = parser.parse_args()
    pools = load_pools(settings.pools)
    with LlamaCppModel.load(settings.model, context_tokens=LONGEST, threads=1) as model:
        scores = {
            spec.name: measure(
                model, draw(spec.name, pools, settings.documents, held_out=settings.held_out), settings.show
            )
            for spec in shipped_types()
        }
    for name, counts in scores.items():
        print(
            f"{name}: " + ", ".join(f"{field} {share(counts, field):.2f}" for field in sorted({f for f, _ in counts}))
        )
    print(json.dumps({name: round(overall(counts), 3) for name, counts in scores.items()}))


def draw(type_name: str, pools: Pools, count: int, *, held_out: bool) -> list[Sample]:
    """Clean documents of one type, asked for the shipped schema."""
    order = Order({type_name: 1.0}, (0, 1), held_out=held_out, clean=True, shipped_share=1.0)
    return list(islice(samples(order, pools, SEED), count))


def measure(model: LlamaCppModel, drawn: list[Sample], shown: int = 0) -> Counter[tuple[str, bool]]:
    """How often each field was right and wrong."""
    counts: Counter[tuple[str, bool]] = Counter()
    for index, sample in enumerate(drawn):
        got = extract(model, sample)
        counts.update((name, right) for name, right in compare(sample.answer, got))
        if index < shown:
            print("\n".join(sample.pages), json.dumps(sample.answer, ensure_ascii=False), sep="\n---\n")
            print(json.dumps(got, ensure_ascii=False), end="\n\n")
    return counts


def extract(model: LlamaCppModel, sample: Sample) -> dict[str, Json]:
    """The model's answer; empty where it did not come to its end."""
    spec = next(spec for spec in shipped_types() if spec.name == sample.writer)
    prompt = Prompt((*schema_segments(spec), *document_segments(sample.pages), Mark.JSON))
    flat = " ".join(" ".join(sample.pages).split())
    generation = model.generate(prompt, build_grammar(spec, flat), limits=Limits(answer_tokens=700))
    answer: dict[str, Json] = json.loads(generation.answer) if generation.finished else {}
    return answer


def compare(truth: dict[str, Json], got: dict[str, Json]) -> Iterator[tuple[str, bool]]:
    """Field by field whether it is right; rows of lists in order, a missing or extra row is wrong in every cell."""
    for name, value in truth.items():
        answer = got.get(name)
        if not isinstance(value, list):
            yield name, name in got and value == answer
            continue
        for wanted, found in zip_longest(value, answer if isinstance(answer, list) else []):
            yield from _compare_items(name, wanted, found)
        if not value:
            yield name, answer == []


def _compare_items(name: str, wanted: Json, found: Json) -> Iterator[tuple[str, bool]]:
    """A value of a list, or a row cell by cell. None stands for an item that is not there."""
    cells = [item if isinstance(item, dict) else {} for item in (wanted, found)]
    if not any(cells):
        yield name, wanted == found
    for key in cells[0] or cells[1]:
        yield f"{name}.{key}", key in cells[0] and key in cells[1] and cells[0][key] == cells[1][key]


def share(counts: Counter[tuple[str, bool]], field: str) -> float:
    return counts[field, True] / (counts[field, True] + counts[field, False])


def overall(counts: Counter[tuple[str, bool]]) -> float:
    return sum(n for (_, right), n in counts.items() if right) / max(sum(counts.values()), 1)


if __name__ == "__main__":
    main()
