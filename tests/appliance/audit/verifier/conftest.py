"""How a test asks the verifier: through its command line, as an officer does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.audit.verifier.strongroom_verify import Report, run
from tests.appliance.audit.verifier.made_log import MadeLog, written

Ask = Callable[..., Report]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Write a log and check it: `ask(log, *more arguments, files=changed files)`."""
    asked = iter(range(1_000_000))

    def ask(log: MadeLog, *more: str, files: dict[str, bytes] | None = None, command: str = "log") -> Report:
        folder = tmp_path / str(next(asked))
        folder.mkdir()
        written(log.files() if files is None else files, folder)
        arguments = [command, str(folder), *more]
        arguments += [] if "--key" in more else ["--key", log.signer.line]
        return run(arguments if "--at" in more else [*arguments, "--at", str(log.now)])

    return ask
