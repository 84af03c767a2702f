"""The embedded database is started again when it has died, and brings its commits back."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from appliance.operations import database_keeper
from appliance.operations.database_keeper import DatabaseKeeper
from appliance.operations.postgres import EmbeddedPostgres


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """Not below pytest's folder: another run of the tests closes that to the database's account again."""
    with tempfile.TemporaryDirectory(prefix="keeper-") as folder:
        server = EmbeddedPostgres(Path(folder) / "data")
        server.start()
        yield server
        server.stop()


def _kill(server: EmbeddedPostgres) -> None:
    os.kill(int((server.cluster / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while server.lives():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_killed_server_comes_back_with_what_was_committed(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(database_keeper, "LOOK_EVERY_SECONDS", 0.1)
    keeper = DatabaseKeeper(server)
    with psycopg.connect(server.url(), autocommit=True) as line:
        line.execute("CREATE TABLE kept AS SELECT 42 AS number")
        keeper.look()
        assert "starting it again" not in capsys.readouterr().out
        _kill(server)

    deadline = time.monotonic() + 30
    while not server.lives() and time.monotonic() < deadline:
        keeper.look()  # the backend of the connection above may still be ending
        time.sleep(0.1)

    assert "is gone; starting it again" in capsys.readouterr().out
    with psycopg.connect(server.url()) as line:
        assert line.execute("SELECT number FROM kept").fetchall() == [(42,)]


def test_without_a_keeper_it_stays_away(server: EmbeddedPostgres) -> None:
    """The control."""
    _kill(server)
    time.sleep(0.5)
    assert server.lives() is False
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url())


def test_a_database_of_somebody_else_is_left_alone() -> None:
    DatabaseKeeper(None).look()


@pytest.mark.parametrize("content", ["", "no number\n", "4194305\n"], ids=["empty", "damaged", "nobody"])
def test_a_file_that_names_nobody_is_no_server(tmp_path: Path, content: str) -> None:
    server = EmbeddedPostgres(tmp_path)
    server.cluster.mkdir()
    (server.cluster / "postmaster.pid").write_text(content)
    assert server.lives() is False
