"""Does the gate keep worse models out, and let better ones in? Counted over test parts drawn from stated rates."""

from __future__ import annotations

import pytest

from bench.gate_refusals.simulated import WORLDS, World, everywhere, promoted
from models_store.gate import Policy

TIMES = 60


@pytest.mark.parametrize("points", [-10, -5, -2])
def test_a_worse_model_does_not_get_through(points: int) -> None:
    found = promoted(World(f"{points}", everywhere(points)), times=TIMES, policy=Policy())
    print(f"{found.passed} of {TIMES} promoted, interval {found.interval}")
    assert found.passed == 0


def test_one_field_much_worse_is_not_bought_by_the_others() -> None:
    world = World("one field", (0.04, 0.04, 0.04, 0.04, 0.04, -0.3))
    assert promoted(world, times=TIMES, policy=Policy()).passed == 0


def test_an_equal_model_gets_through_about_as_often_as_the_policy_says() -> None:
    found = promoted(World("equal", everywhere(0)), times=100, policy=Policy())
    assert found.passed <= 5


def test_control_a_much_better_model_gets_through() -> None:
    found = promoted(World("better", everywhere(20)), times=TIMES, policy=Policy())
    print(f"{found.passed} of {TIMES} promoted, interval {found.interval}")
    assert found.passed >= 0.95 * TIMES


def test_control_without_the_gate_worse_models_would_look_better() -> None:
    """By the plain difference alone, many a model that is two points worse would pass."""
    easy = Policy.model_construct(**{**Policy().model_dump(), "chance_better": 0.5, "chance_field": 0.0})
    found = promoted(World("two points", everywhere(-2)), times=TIMES, policy=easy)
    assert found.passed > 3


def test_more_documents_show_smaller_gains() -> None:
    few, many = (
        promoted(World("gain", everywhere(8), documents), times=30, policy=Policy()) for documents in (30, 120)
    )
    assert few.passed < many.passed


def test_the_same_seed_draws_the_same_test_parts() -> None:
    world = World("gain", everywhere(7))
    first, again = (promoted(world, times=20, policy=Policy()) for _ in range(2))
    assert first == again


def test_labels_that_are_wrong_in_the_same_way_count_as_worse() -> None:
    assert World("a", everywhere(0), mislabelled=0.1).is_worse
    assert not World("a", everywhere(0)).is_worse
    assert len({world.name for world in WORLDS}) == len(WORLDS)
