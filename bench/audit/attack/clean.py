"""Logs that nobody attacked: each is made another way, and none may be called tampered with."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from appliance.audit.verifier.strongroom_verify import Report, run
from bench.audit.attack.box import EMPTY, Box, act, sequence


def clean_logs(box: Box, count: int, *, seed: int = 0) -> Iterator[tuple[str, Report, list[str]]]:
    """What was done, what the verifier says, and the sentences of the reconciliation; `box` holds EMPTY."""
    for number in range(count):
        drawn = random.Random(f"{seed} {number}")
        box.go_back(EMPTY)
        box.forget_anchors()
        done = [_step(drawn) for _ in range(drawn.randrange(1, 7))]
        sequence(sign=True)
        yield ", ".join(done), _verified(box), _reconciled()


def _step(drawn: random.Random) -> str:
    """Something that happens to a log in a day; returns it in words."""
    from appliance.audit.log import sequencing

    choice = drawn.randrange(5)
    if choice == 0:
        sequencing.begin()
        return "restart"
    if choice == 1:
        return f"checkpoint of {sequence(sign=True)}"
    if choice == 2:
        return _create_person(drawn)
    if choice == 3 and sequence(sign=False):
        return _rotate()
    count = drawn.choice([1, 2, 17, 255, 300])
    act(count)
    sequence(sign=bool(drawn.randrange(2)))
    return f"{count} views"


def _create_person(drawn: random.Random) -> str:
    from appliance.accounts.roles import Role
    from appliance.accounts.services import create_person

    name = f"person{drawn.randrange(10**9)}"
    create_person(username=name, role=Role.CLERK, first_name="Frida", last_name="Falk")
    return "a new person"


def _rotate() -> str:
    from appliance.audit.log.rotation import rotate_key

    sequence(sign=True)
    rotate_key()
    sequence(sign=True)
    return "another key"


def _verified(box: Box) -> Report:
    from appliance.audit.key_files import first_public_line
    from appliance.audit.log import write_log_folder

    folder = Path(tempfile.mkdtemp(dir=box.folder, prefix="clean-"))
    write_log_folder(folder)
    arguments = ["log", str(folder), "--key", first_public_line()]
    for anchor in sorted(box.anchors.glob("*.note")):
        arguments += ["--anchor", str(anchor)]
    report = run(arguments)
    shutil.rmtree(folder)
    return report


def _reconciled() -> list[str]:
    from appliance.audit.log.reconcile import reconcile

    return list(reconcile().findings)
