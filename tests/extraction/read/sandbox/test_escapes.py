"""Code inside the real reading process tries to get out: nothing succeeds, and without the walls nearly everything."""

from __future__ import annotations

import os

import pytest

from bench.escapes import trial

ROOT_ALONE = {
    "become_another_user",
    "change_the_root",
    "load_into_the_kernel",
    "make_a_device",
    "mount_a_file_system",
    "open_a_raw_socket",
    "write_a_setting_of_the_kernel",
    "write_beside_the_program",
}
"""What an account without rights cannot do anyway; a container takes some of it from root too."""
DEPENDS_ON_THE_MACHINE = {
    "catch_page_faults",
    "keep_a_key",
    "own_a_namespace",
    "read_the_parents_memory",
    "read_the_parents_memory_as_a_file",
    "set_up_io_uring",
    "take_much_memory",
    "take_the_parents_descriptor",
    "trace_a_process",
    "watch_the_processor",
}
"""Switched off by some kernels and by the profiles of containers."""
METADATA = ["ask_whether_a_file_is_there"]
"""Landlock shuts the contents of files and of folders, not the question whether a known path exists."""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, trial.Outcomes]:
    return {launcher: trial.try_all(launcher) for launcher in (trial.SHUT_IN, trial.CONTAINER, trial.OPEN)}


def test_there_are_thirty_acts_at_least(outcomes: dict[str, trial.Outcomes]) -> None:
    assert len(outcomes[trial.SHUT_IN].of) >= 30


def test_nothing_gets_out(outcomes: dict[str, trial.Outcomes]) -> None:
    has_own_root = "mounts" in trial.protections(trial.SHUT_IN)
    assert outcomes[trial.SHUT_IN].succeeded == ([] if has_own_root else METADATA)


def test_nothing_but_the_question_for_a_known_name_gets_out_where_namespaces_are_refused(
    outcomes: dict[str, trial.Outcomes],
) -> None:
    assert outcomes[trial.CONTAINER].succeeded == METADATA


def test_control_without_walls_every_act_that_this_machine_allows_succeeds(
    outcomes: dict[str, trial.Outcomes],
) -> None:
    control = outcomes[trial.OPEN]
    may_fail = DEPENDS_ON_THE_MACHINE | ROOT_ALONE
    failed = {act: trouble for act, trouble in control.of.items() if trouble and act not in may_fail}
    assert failed == {}
    assert len(control.succeeded) > len(control.of) / 2


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to see that root is held back too")
def test_control_root_could_do_what_it_is_kept_from(outcomes: dict[str, trial.Outcomes]) -> None:
    assert set(outcomes[trial.OPEN].succeeded) & ROOT_ALONE
