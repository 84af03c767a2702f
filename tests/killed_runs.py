"""What a test run leaves behind when it is killed: a database server and its data. The next run clears it up."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from appliance.operations.postgres import EmbeddedPostgres

PREFIX = "strongroom-tests"


def make_data_directory() -> str:
    """A new directory whose name says which process will remove it."""
    return tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-")


def clear_up(temporary: Path) -> None:
    """Stop the servers and remove the data of runs whose process is gone."""
    for folder in temporary.glob(f"{PREFIX}-*-*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[1]
        if owner.isdecimal() and not _is_alive(int(owner)):
            EmbeddedPostgres(folder).stop()
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
