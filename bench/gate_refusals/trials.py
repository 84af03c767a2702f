"""The four models that must not pass, and the one that must: each trained, quantized and measured for real."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.gate_refusals.lessons import shuffled, systematically_wrong
from bench.gate_refusals.outliers import with_outliers
from bench.gate_refusals.site_documents import labels, senders
from bench.gate_refusals.workshop import Workshop, as_cases
from extraction.labels import Label
from models_store.convert import Quantization
from models_store.evaluation import Evaluation, compare, retention, summarise
from models_store.evaluation.measure import Case
from models_store.gate import Evidence, Policy, Verdict, judge, near_duplicates
from models_store.store import STARTER, STARTER_WEIGHTS

_TRAIN_SENDERS, _TEST_SENDERS, _ALL_SENDERS = 10, 4, 18
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Documents of each part."""

    train: int
    test: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A model file on the test part, on the factory set, and in full precision on the test part."""

    test: Evaluation
    factory: Evaluation
    full: Evaluation


class Trials:
    """Train, test and fresh documents come from other senders each; the fresh ones from all of them."""

    def __init__(self, workshop: Workshop, sizes: Sizes, factory: Sequence[Case]) -> None:
        """`factory`: the set against forgetting."""
        known = senders(_ALL_SENDERS, 1)
        self._workshop = workshop
        self._train = labels(known[:_TRAIN_SENDERS], sizes.train, 1)
        self._test = labels(known[_TRAIN_SENDERS : _TRAIN_SENDERS + _TEST_SENDERS], sizes.test, 2)
        self._fresh = as_cases(labels(known, sizes.fresh, 3))
        self._factory = factory

    def all(self, seeds: int) -> Figures:
        starter_file = STARTER / STARTER_WEIGHTS
        starter = self._measured(starter_file, full=starter_file)
        clean = self._workshop.train("clean", self._train, seed=1)
        tuned = self._tuned(clean)
        verdict = self._judged(tuned, starter)
        _tell("a better model", verdict)
        figures: Figures = {
            "better_promoted": verdict.passed,
            "f1_before": summarise(starter.test)["f1"],
            "f1_after": summarise(tuned.test)["f1"],
            **self._shuffled(starter, tuned),
            **self._leaked(clean, starter),
            **self._quantized(clean, starter),
        }
        return figures | self._wrong(seeds, clean, tuned)

    def _shuffled(self, starter: Measured, tuned: Measured) -> Figures:
        """Proposed to a site that still has the starter in force, and to one that has the better model."""
        shuffled_one = self._tuned(self._workshop.train("shuffled", shuffled(self._train, 1), seed=1))
        at_first, later = self._judged(shuffled_one, starter), self._judged(shuffled_one, tuned)
        _tell("trained on shuffled labels, after the starter", at_first)
        _tell("trained on shuffled labels, after the better model", later)
        return {
            "shuffled_refused": not at_first.passed and not later.passed,
            "shuffled_reasons": _codes(at_first),
            "shuffled_later_reasons": _codes(later),
        }

    def _leaked(self, clean: Path, starter: Measured) -> Figures:
        """Measured on the very documents that taught it; then on the same ones scanned anew, under other digests."""
        cases = as_cases(self._train)
        weights, before = self._workshop.quantized(clean), self._workshop.measured(STARTER / STARTER_WEIGHTS, cases)
        found = self._workshop.measured(weights, cases)
        factory = self._workshop.measured(weights, self._factory)
        measured = Measured(found, factory, found)
        same = self._judged(measured, Measured(before, starter.factory, before), tested=self._train)
        renamed = [document.model_copy(update={"original": f"again {document.id}"}) for document in found.documents]
        again = Measured(found.model_copy(update={"documents": tuple(renamed)}), factory, found)
        scanned = self._judged(again, Measured(before, starter.factory, before), tested=self._train)
        _tell("measured on what taught it", same)
        _tell("measured on the same documents scanned anew", scanned)
        refused = "leak" in _codes(same) and "near_duplicate" in _codes(scanned)
        return {"leak_refused": refused, "leak_reasons": _codes(same), "scanned_anew_reasons": _codes(scanned)}

    def _quantized(self, clean: Path, starter: Measured) -> Figures:
        """The plain file may keep enough; one with channels far larger than others does not."""
        copy = with_outliers(clean, clean.parent / "outliers" / "merged")
        plain, poor = self._tuned(clean, Quantization.Q2_K), self._tuned(copy, Quantization.Q2_K)
        verdicts = [self._judged(one, starter) for one in (plain, poor)]
        for name, verdict in zip(("Q2_K", "Q2_K with outliers"), verdicts, strict=True):
            _tell(name, verdict)
        kept = [round(retention(one.full, one.test).value, 4) for one in (plain, poor)]
        return {
            "q2k_refused": "retention" in _codes(verdicts[1]) and kept[1] < Policy().retention,
            "q2k_retention": kept[1],
            "q2k_plain_retention": kept[0],
            "q2k_plain_promoted": verdicts[0].passed,
        }

    def _wrong(self, seeds: int, clean: Path, tuned: Measured) -> Figures:
        """Against the model of the clean corrections. The test part is labelled by the same people: as wrongly."""
        weights = self._workshop.quantized(clean)
        truth = self._workshop.measured(weights, self._fresh)
        worse = worse_promoted = passed = 0
        for seed in range(1, seeds + 1):
            merged = self._workshop.train(f"wrong-{seed}", systematically_wrong(self._train, seed), seed=seed)
            test = systematically_wrong(self._test, seed)
            before = self._workshop.measured(weights, as_cases(test))
            verdict = self._judged(self._tuned(merged, labels=test), Measured(before, tuned.factory, before))
            found = compare(truth, self._workshop.measured(self._workshop.quantized(merged), self._fresh))
            is_worse = found.difference < 0
            worse, passed = worse + is_worse, passed + verdict.passed
            worse_promoted += is_worse and verdict.passed
            _tell(f"wrong corrections, seed {seed}, truly {100 * found.difference:+.1f} points", verdict)
            shutil.rmtree(merged.parent)
        return {"wrong_seeds": seeds, "truly_worse": worse, "worse_promoted": worse_promoted, "wrong_promoted": passed}

    def _tuned(
        self, merged: Path, quantization: Quantization = Quantization.Q8_0, labels: Sequence[Label] | None = None
    ) -> Measured:
        full = self._workshop.quantized(merged, None)
        return self._measured(self._workshop.quantized(merged, quantization), full=full, labels=labels)

    def _measured(self, weights: Path, *, full: Path, labels: Sequence[Label] | None = None) -> Measured:
        cases, ask = as_cases(labels or self._test), self._workshop.measured
        test = ask(weights, cases)
        return Measured(test, ask(weights, self._factory), test if full == weights else ask(full, cases))

    def _judged(self, candidate: Measured, before: Measured, *, tested: Sequence[Label] = ()) -> Verdict:
        train, test = (
            {label.original: label.text or "" for label in part} for part in (self._train, tested or self._test)
        )
        evidence = Evidence(
            candidate=candidate.test,
            in_force=before.test,
            full_precision=candidate.full,
            factory_candidate=candidate.factory,
            factory_in_force=before.factory,
            train_originals=frozenset(train),
            near_duplicates=near_duplicates(train, test),
        )
        return judge(Policy(), evidence)


def _codes(verdict: Verdict) -> list[str]:
    return sorted({reason.code for reason in verdict.refusals})


def _tell(name: str, verdict: Verdict) -> None:
    said = "passed" if verdict.passed else "refused: " + " ".join(reason.sentence for reason in verdict.refusals)
    print(f"{name}: {said}", file=sys.stderr, flush=True)
