"""How long documents are for vocabularies of several sizes: tokens per 1,000 characters, and what the pieces weigh.

python -m bench.vocabulary [--sets DIR] [--sizes 2048,4096,8192]

Each tokenizer is trained anew on the same made-up documents. Shorter texts cost less time and reach further within a
context; every piece costs a row of the embedding. The last line is one JSON object: by size, megabytes of the embedding
in Q8_0 at the network's width, and tokens per 1,000 characters by set.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.accuracy.cases import Case, is_there, read_cases
from bench.accuracy.own_documents import own_cases
from bench.accuracy.sets import FACTORY, SETS, LabelledSet
from extraction.prompt import tidy
from models_store.starter.factory.pools import load_pools
from models_store.starter.network import Shape
from models_store.starter.tokenizer import load_tokenizer, train_tokenizer

_DOCUMENTS = 40
_Q8_BYTES = 34 / 32
"""Of a weight: 32 of them share a scale of two bytes."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, metavar="DIR", help="the folder of the labelled sets")
    parser.add_argument("--sizes", default="2048,4096,8192")
    parser.add_argument("--pools", type=Path, default=Path("var/starter/pools.json"))
    settings = parser.parse_args()
    texts = {name: list(map(_text, cases)) for name, cases in _cases(settings.sets)}
    found = {size: measure(size, texts, settings.pools) for size in map(int, settings.sizes.split(","))}
    print(json.dumps(found))


def measure(vocabulary: int, texts: dict[str, list[str]], pools: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = train_tokenizer(Path(folder), load_pools(pools), seed=2, vocabulary=vocabulary)
        tokenizer = load_tokenizer(path)
    figures = {"embedding_mb": round(vocabulary * Shape().width * _Q8_BYTES / 1e6, 2)}
    for name, pages in texts.items():
        tokens = sum(len(tokenizer.encode(text)) for text in pages)
        figures[name] = round(1000 * tokens / sum(map(len, pages)), 1)
    print(vocabulary, figures, flush=True)
    return figures


def _cases(folder: Path | None) -> Iterator[tuple[str, list[Case]]]:
    yield FACTORY, own_cases(2)
    for one in SETS:
        if folder and one.source == "text_file" and not one.parent and is_there(one, folder) and one.folder:
            yield one.name, _first(one, folder)


def _first(one: LabelledSet, folder: Path) -> list[Case]:
    return read_cases(one, folder)[:_DOCUMENTS]


def _text(case: Case) -> str:
    return tidy("\n".join(page.text for page in case.read().pages))


if __name__ == "__main__":
    main()
