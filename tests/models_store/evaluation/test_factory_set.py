"""The set against forgetting is fixed."""

from __future__ import annotations

import pytest

from models_store.evaluation.factory_set import LONGEST_CHARACTERS, OF_EACH, factory_cases
from models_store.evaluation.measure import Case, cases_digest
from models_store.starter.factory.pools import build_pools, load_pools
from models_store.starter.factory.stream import WRITERS

DIGEST = "072ab3621d2ec6a57497e61f3ae6bd48642457c251a2631876c2ff6ee2a2bfaa"
"""Of the set with the pools that are shipped. It changes with the factory, and then figures cannot be compared."""


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return factory_cases(load_pools())


def test_every_kind_of_document_is_in_it(cases: tuple[Case, ...]) -> None:
    kinds = {case.label.id.rsplit("-", 1)[0] for case in cases}
    assert kinds == WRITERS.keys() - {"drill"}
    assert len(cases) == OF_EACH * len(kinds)
    assert 60 <= len(cases) <= 100


def test_its_documents_are_short_and_half_of_them_lack_something(cases: tuple[Case, ...]) -> None:
    assert max(len(case.label.text or "") for case in cases) <= LONGEST_CHARACTERS
    lacking = [case for case in cases if any(gold in (None, []) for gold in case.label.fields.values())]
    assert len(lacking) >= len(cases) / 2


def test_each_is_asked_for_its_own_fields(cases: tuple[Case, ...]) -> None:
    assert all({f.name for f in case.document_type.fields} == case.label.fields.keys() for case in cases)
    assert len({case.document_type.digest for case in cases}) > len(cases) / 2


def test_the_same_pools_give_the_same_set(cases: tuple[Case, ...]) -> None:
    other = factory_cases(build_pools(("en_US", "de_DE"), share=0.1))
    assert cases_digest(cases) == DIGEST
    assert cases_digest(other) != cases_digest(cases)
