from __future__ import annotations

import json
import shutil
import threading

import pytest

from appliance.audit.log import clock, state
from appliance.audit.log import sequencer as sequencers
from appliance.audit.log.anchors import anchor_folder, anchor_name, catch_up, newest_anchor
from appliance.audit.log.sequencing import Writer, begin, integrate, sign
from appliance.audit.log.stored_tree import TreeDamaged
from appliance.audit.models import AuditEvent, Checkpoint
from tests.appliance.audit.made import entry

pytestmark = pytest.mark.django_db
SECOND = 1_000_000_000


def signed(count: int = 1) -> Writer:
    writer = begin()
    for _ in range(count):
        entry()
    integrate(writer)
    sign(writer)
    return writer


def moved() -> list[str]:
    return list(AuditEvent.objects.filter(action="clock_moved").order_by("pk").values_list("reason", flat=True))


def test_clock_that_stands_still_with_the_boot_clock_is_not_reported():
    writer = signed()
    writer.expected_distance += SECOND
    integrate(writer)

    assert moved() == []


@pytest.mark.parametrize("off", [-3600, 3600])
def test_clock_that_was_moved_is_recorded_once_and_is_the_new_measure(off):
    writer = signed()
    writer.expected_distance -= off * SECOND
    integrate(writer)
    integrate(writer)

    (reason,) = moved()
    assert abs(int(reason.removeprefix("by ")) - off * 1_000_000) < 1_000_000
    assert abs(clock.measure() - clock.distance_now()) < SECOND


def test_measure_is_that_of_the_first_record_of_this_boot(monkeypatch):
    monkeypatch.setattr("appliance.audit.record.boot_id", lambda: "the boot before")
    signed(3)
    monkeypatch.undo()
    signed(3)
    first = next(
        event
        for event in AuditEvent.objects.order_by("leaf__index")
        if json.loads(bytes(event.record))["boot_id"] != "the boot before"
    )

    assert clock.measure() == clock.distance_of(first)


def test_clock_before_the_newest_checkpoint_is_recorded_at_the_start(monkeypatch):
    signed()
    newest = Checkpoint.objects.get()
    real = sequencers.time.time_ns
    monkeypatch.setattr("appliance.audit.log.sequencing.time.time_ns", lambda: real() - 600 * SECOND)
    begin()

    assert len(moved()) >= 1
    assert int(moved()[0].removeprefix("by ")) < -500_000_000
    assert newest.size


def test_checkpoints_of_a_volume_that_was_away_are_written_when_it_is_back(settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path / "away" / "mounted later"
    (tmp_path / "away").write_text("not a folder")
    signed()
    with pytest.raises(OSError, match="Not a directory"):
        catch_up()
    assert "mount its volume" in state().anchors.trouble

    (tmp_path / "away").unlink()
    signed()
    catch_up()

    assert [path.name for path in sorted(anchor_folder().iterdir())] == [
        anchor_name(size) for size in Checkpoint.objects.order_by("size").values_list("size", flat=True)
    ]
    assert newest_anchor().size == Checkpoint.objects.first().size
    assert state().anchors.trouble == ""


def test_anchor_larger_than_the_log_stops_the_sequencer():
    """What a restored backup looks like."""
    signed()
    catch_up()
    newest = Checkpoint.objects.first().size
    shutil.copy(anchor_folder() / anchor_name(newest), anchor_folder() / anchor_name(newest + 100))
    path = anchor_folder() / anchor_name(newest + 100)
    path.write_text(path.read_text().replace(f"\n{newest}\n", f"\n{newest + 100}\n", 1))

    with pytest.raises(TreeDamaged, match=f"a checkpoint over {newest + 100} entries is anchored"):
        begin()


def test_damaged_log_is_said_and_shown_and_does_not_end_the_process(settings, tmp_path, monkeypatch):
    settings.RUN_DIR = tmp_path / "run"
    monkeypatch.setattr(sequencers.connection, "close", lambda: None)  # the test's own, with all that it holds
    signed()
    catch_up()
    (anchor_folder() / anchor_name(Checkpoint.objects.first().size)).write_text("scribbled over")
    stop, said = threading.Event(), []

    def say(line: str) -> None:
        said.append(line)
        stop.set()

    sequencers.run(stop, say)

    assert said[0].startswith("The audit log is damaged:")
    assert state().trouble == said[0]


def test_state_counts_what_waits():
    entry()
    found = state()

    assert (found.staged, found.size, found.forged, found.is_held_up) == (1, 0, 0, True)
    signed()
    found = state()
    assert (found.staged, found.size, found.is_held_up) == (0, 4, False)
