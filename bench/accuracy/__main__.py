"""Runs the labelled sets through the product's own pipeline and writes docs/model.md.

    python -m bench.accuracy --sets DIR                       floor and model on every set
    python -m bench.accuracy --sets DIR --only sroie,ccda --limit 40
    python -m bench.accuracy --sets DIR --tuned               after LoRA on a part of each set, on the rest
    python -m bench.accuracy --sets DIR --quantizations       the model in other quantizations

Of a set that the model was taught on (its card says so), only the part that was kept back is asked about.

Without --sets only the project's own documents are run. Results are merged into --results set by set; the page is
written from them. The last line is one JSON object with the main figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy import results
from bench.accuracy.ask import Answerer, ModelAnswers, ask_all
from bench.accuracy.cases import Case, is_there, read_cases
from bench.accuracy.own_documents import own_cases
from bench.accuracy.page import write_page
from bench.accuracy.parts import parts_of
from bench.accuracy.progress import Progress
from bench.accuracy.quantizations import measure_quantizations
from bench.accuracy.regex_floor import RegexFloor
from bench.accuracy.sets import FACTORY, LabelledSet, chosen, is_taught
from bench.accuracy.tuned import tune_and_ask
from extraction.language_model import LanguageModel
from extraction.language_model_llama import LlamaCppModel
from models_store.card import ModelCard
from models_store.store import CARD, STARTER, STARTER_WEIGHTS

OWN_DOCUMENTS = 20
"""How many fresh documents of our own are asked about, of each kind."""


def main() -> None:
    settings = _settings()
    found = results.load(settings.results)
    card = ModelCard.model_validate_json((settings.model.parent / CARD).read_text(encoding="utf-8"))
    found |= {"card": card.model_dump(mode="json"), "machine": results.machine(settings.threads)}
    if settings.quantizations:
        there = [(wanted, _never_shown(wanted, card, settings)) for wanted in settings.only]
        some = [(wanted, cases) for wanted, cases in there if cases]
        found["quantizations"] = measure_quantizations(some, settings.model.parent, card, settings.threads)
        results.save(found, settings.results)
    else:
        _measure_sets(found, card, settings)
    write_page(found, settings.page)
    print(json.dumps(results.main_figures(found)))


def _measure_sets(found: results.Results, card: ModelCard, settings: argparse.Namespace) -> None:
    with LlamaCppModel.load(settings.model, context_tokens=card.context_tokens, threads=settings.threads) as model:
        for wanted in settings.only:
            cases = _cases(wanted, settings.sets, settings.limit)
            if not cases:
                print(f"{wanted.name}: not there, left out", file=sys.stderr)
                continue
            results.put(found, wanted.name, _measured(wanted, cases, model, card, settings))
            results.save(found, settings.results)


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, metavar="DIR", help="the folder of the labelled sets")
    parser.add_argument("--model", type=Path, default=STARTER / STARTER_WEIGHTS, help="a GGUF with its card beside it")
    parser.add_argument("--only", type=chosen, default=chosen(""), metavar="NAME,...", help="these sets")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N documents of a set")
    parser.add_argument("--floor-only", action="store_true", help="ask the regular expressions, not the model")
    parser.add_argument("--tuned", action="store_true", help="fine-tune on a part of each set and ask about the rest")
    parser.add_argument("--tuning-minutes", type=float, default=8.0, help="the longest a fine-tuning may take")
    parser.add_argument("--quantizations", action="store_true", help="measure other quantizations of the model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--results", type=Path, default=Path("var/accuracy/results.json"))
    parser.add_argument("--page", type=Path, default=Path("docs/model.md"))
    return parser.parse_args()


def _cases(wanted: LabelledSet, folder: Path | None, limit: int | None) -> list[Case]:
    """None where the set is not there."""
    if wanted.name == FACTORY:
        return own_cases(OWN_DOCUMENTS)[:limit]
    if folder is None or not is_there(wanted, folder):
        return []
    return read_cases(wanted, folder)[:limit]


def _never_shown(wanted: LabelledSet, card: ModelCard, settings: argparse.Namespace) -> list[Case]:
    """The documents of a set that the model was not taught."""
    if settings.sets is None or not is_taught(wanted, card):
        return _cases(wanted, settings.sets, settings.limit)
    parts = parts_of(wanted, settings.sets, limit=settings.limit)
    return [*parts.unseen, *parts.known][: settings.limit]


def _measured(
    wanted: LabelledSet, cases: Sequence[Case], model: LanguageModel, card: ModelCard, settings: argparse.Namespace
) -> results.Results:
    if settings.tuned:
        return _tuned(wanted, settings)
    ways: dict[str, Answerer] = {"floor": RegexFloor(wanted.floor)}
    if settings.floor_only or is_taught(wanted, card):
        floor = ask_all(cases, ways, loose=wanted.loose, told=Progress(wanted.name, len(cases)).told)
        return floor if settings.floor_only else floor | _kept_back(wanted, model, settings)
    ways["zero_shot"] = ModelAnswers(model)
    return ask_all(cases, ways, loose=wanted.loose, told=Progress(wanted.name, len(cases)).told)


def _kept_back(wanted: LabelledSet, model: LanguageModel, settings: argparse.Namespace) -> results.Results:
    """The columns "shipped_unseen" and "shipped_known": what the model was not taught of a set that taught it."""
    parts = parts_of(wanted, settings.sets, limit=settings.limit)
    answers, found = ModelAnswers(model), {}
    for name, cases in (("shipped_unseen", parts.unseen), ("shipped_known", parts.known)):
        told = Progress(f"{wanted.name} {name}", len(cases)).told
        found |= {name: ask_all(cases, {name: answers}, loose=wanted.loose, told=told)[name]} if cases else {}
    return found


def _tuned(wanted: LabelledSet, settings: argparse.Namespace) -> results.Results:
    if not wanted.tunable:
        return {}
    parts = parts_of(wanted, settings.sets, limit=settings.limit)
    return tune_and_ask(wanted, parts, settings.model.parent, threads=settings.threads, minutes=settings.tuning_minutes)


if __name__ == "__main__":
    main()
