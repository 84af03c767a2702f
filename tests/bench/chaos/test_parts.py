"""The parts of the bench that judge: what is dealt, how recovery is counted, when a run counts as kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from bench.chaos import box
from bench.chaos.faults import KINDS, ONLY_WITH_A_SERVER, deal
from bench.chaos.figures import figures, is_kept
from bench.chaos.invariants import Found
from bench.chaos.run import Outcome, Wanted, _beside
from bench.chaos.uploads import _form, slip
from bench.chaos.watching import Fault, Watch, percentile


@pytest.mark.parametrize(("broker", "kinds"), [("pgmq", len(KINDS)), ("rabbitmq", len(KINDS) + 1)])
def test_every_kind_comes_equally_often(broker: str, kinds: int) -> None:
    dealt = Counter(islice(deal(broker, seed=7), kinds * 4))
    assert set(dealt.values()) == {4}
    assert (ONLY_WITH_A_SERVER[0] in dealt) == (broker == "rabbitmq")


def test_a_seed_deals_the_same_again_and_another_does_not() -> None:
    first, again, other = (list(islice(deal("pgmq", seed), 40)) for seed in (1, 1, 2))
    assert first == again != other


class StillWatch(Watch):
    """Sees what the test says instead of a database."""

    def __init__(self) -> None:
        super().__init__(box=None)  # type: ignore[arg-type]
        self.live: set[str] = set()

    def under_way(self) -> set[str]:
        return self.live


def test_recovery_ends_when_all_that_were_under_way_are_through() -> None:
    watch = StillWatch()
    watch.note("killed", {"a", "b"}, at=0.0)
    for live in ({"a", "b", "c"}, {"b", "c"}, {"c"}):
        watch.live = live
        assert watch.recoveries() == []
        watch.look()
    assert len(watch.recoveries()) == 1


def test_a_document_that_goes_back_into_work_is_counted_once() -> None:
    fault = Fault("killed", 0.0, {"a"})
    watch = StillWatch()
    watch.faults = [fault]
    watch.look()
    recovered = fault.recovered_after
    watch.live = {"a"}
    watch.look()
    assert fault.recovered_after == recovered is not None


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 99, 0.0), ([3.0], 50, 3.0), ([1.0, 3.0], 50, 2.0), (list(range(101)), 99, 99.0)],
    ids=["none", "one", "two", "many"],
)
def test_percentiles_of_few_values(values: list[float], share: int, expected: float) -> None:
    assert percentile(values, share) == pytest.approx(expected)


def _result(**changed: object) -> dict[str, object]:
    outcome = Outcome(documents=20, control_lost=3, recoveries=[1.0, 2.0], injected=Counter({"clock killed": 10}))
    result = figures(Wanted(20, 10, "pgmq", 1, 5.0), outcome)
    return {**result, "left_running": 0, **changed}


def test_the_figures_of_a_good_run_are_kept() -> None:
    result = _result()
    assert is_kept(result)
    assert (result["faults"], result["rate_bound"]) == (10, 0.3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lost", 1),
        ("duplicated", 1),
        ("stuck", 1),
        ("findings", 1),
        ("left_running", 1),
        ("control_lost", 0),
        ("recovery_p99_s", 121.0),
    ],
)
def test_one_wrong_figure_is_enough(name: str, value: float) -> None:
    assert not is_kept(_result(**{name: value}))


def test_findings_are_counted() -> None:
    found = Found(findings=["a job had 4 attempts"])
    result = figures(Wanted(1, 1, "pgmq", 1, 5.0), Outcome(found=found))
    assert result["findings"] == 1


def test_a_process_is_found_by_its_file_only_while_it_is_that_one(tmp_path: Path) -> None:
    pid_file = tmp_path / "worker.pid"
    code = "import time; print('there', flush=True); time.sleep(60)"
    command = [sys.executable, "-c", code, str(pid_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        pid_file.write_text(f"{process.pid}\n")
        assert box._living(pid_file) == process.pid
        pid_file.write_text(f"{os.getpid()}\n")
        assert box._living(pid_file) is None
        pid_file.write_text(f"{process.pid}\n")
        assert box.kill(process.pid)
    assert box._living(pid_file) is None
    assert box.send(None, signal.SIGCONT) is False


def test_children_of_a_process_are_found_at_any_depth() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len(box.children_of(process.pid)) == 1
        assert set(box.children_of(process.pid)) < set(box.children_of(os.getpid()))
        process.communicate(b"\n")


def test_slips_are_all_different_and_their_form_holds_them() -> None:
    first, again = slip(1), slip(1)
    assert first != again
    form = _form(first, "receipt")
    assert form.count(first) == 1
    assert b"receipt" in form


def test_what_fails_beside_fails_the_run() -> None:
    def fails() -> None:
        raise OSError("beside")

    with pytest.raises(OSError, match="beside"), _beside(fails, lambda: None):
        pass


def test_what_runs_beside_is_asked_to_end() -> None:
    over = threading.Event()
    with _beside(lambda: over.wait(30), over.set):
        assert not over.is_set()
    assert over.is_set()
