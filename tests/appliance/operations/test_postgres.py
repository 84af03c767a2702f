"""The embedded PostgreSQL: first start, paths with blanks, who may connect, who stops it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from appliance.operations.postgres import EmbeddedPostgres, PostgresFailed

REPOSITORY = Path(__file__).resolve().parents[3]
HOLD = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from appliance.operations.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[2]), durable=False).in_use():
    print("held", flush=True); sys.stdin.read()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "data of the box", durable=False)
    yield server
    server.stop()


def _answer(server: EmbeddedPostgres, question: str) -> object:
    with psycopg.connect(server.url()) as connection:
        cursor = connection.execute(question.encode())
        while cursor.nextset():
            pass
        row = cursor.fetchone()
    return row and row[0]


def test_server_starts_in_a_path_with_blanks_and_keeps_its_data(server: EmbeddedPostgres) -> None:
    with server.in_use():
        assert _answer(server, "CREATE TABLE kept AS SELECT 7 AS n; SELECT n FROM kept") == 7
    assert server.is_running() is False
    with server.in_use():
        assert _answer(server, "SELECT n FROM kept") == 7


def test_server_opens_no_port_and_its_socket_is_closed_to_others(server: EmbeddedPostgres) -> None:
    with server.in_use():
        assert _answer(server, "SHOW listen_addresses") == ""
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


def test_the_boxs_role_is_no_superuser(server: EmbeddedPostgres) -> None:
    with server.in_use():
        assert _answer(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_server_never_runs_as_root(server: EmbeddedPostgres) -> None:
    with server.in_use():
        number = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
        assert Path(f"/proc/{number}").stat().st_uid != 0


def test_last_user_stops_the_server_and_an_earlier_one_does_not(server: EmbeddedPostgres) -> None:
    with server.in_use():
        with server.in_use():
            pass
        assert server.is_running() is True
    assert server.is_running() is False


def test_a_killed_user_does_not_keep_the_server_alive(server: EmbeddedPostgres) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(REPOSITORY), str(server.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdin is not None
    assert other.stdout.readline() == "held\n"
    with server.in_use():
        other.kill()
        other.wait()
        other.stdout.close()
        other.stdin.close()
        assert server.is_running() is True
    assert server.is_running() is False


def test_users_who_leave_at_the_same_moment_do_not_disturb_each_other(server: EmbeddedPostgres) -> None:
    server.start()
    with ThreadPoolExecutor(8) as leaving:
        assert [done.result() for done in [leaving.submit(server.stop) for _ in range(8)]] == [None] * 8
    assert server.is_running() is False
    assert not server.socket_dir.exists()


def test_a_folder_of_somebody_else_is_refused(server: EmbeddedPostgres, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    server.socket_dir.parent.mkdir(parents=True, exist_ok=True)
    server.socket_dir.symlink_to(elsewhere)
    try:
        with pytest.raises(PostgresFailed, match="belongs to somebody else"):
            server.start()
    finally:
        server.socket_dir.unlink()


def test_socket_path_fits_the_kernel_however_long_the_data_directory(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("long" * 40))
    assert len(os.fsencode(server.socket_dir / ".s.PGSQL.5432")) < 107
