"""Takes the place of the library of that name inside a reading process, and tries every act instead of reading.

The document tells what there is to reach. The answer goes back as an attachment, in the words of the real protocol,
because whoever runs code here can say whatever it likes.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from typing import Any, NoReturn

import file_acts
import kernel_acts
import network_acts
import process_acts

from extraction.read.messages import write_message

Act = Callable[[dict[str, Any]], bool]
GROUPS = (file_acts, network_acts, process_acts, kernel_acts)


def from_bytes(content: bytes) -> NoReturn:
    targets = json.loads(content.rstrip(b"\xff"))
    acts = [act for group in GROUPS for act in group.ACTS]
    outcomes = {act.__name__: outcome_of(act, targets) for act in acts}
    with os.fdopen(_answering(), "wb") as output:
        write_message(output, {"kind": "start", "media_type": "text/plain", "pages": 0})
        write_message(output, {"kind": "attachment", "name": "outcomes"}, json.dumps(outcomes).encode())
        write_message(output, {"kind": "end", "findings": []})
    os._exit(0)


def outcome_of(act: Act, targets: dict[str, Any]) -> str:
    """ "" when the act succeeded, else why not. In a process of its own where there can be one: acts change it."""
    try:
        reading, writing = os.pipe()
        child = os.fork()
    except OSError:
        return _tried(act, targets)
    if not child:
        os.write(writing, _tried(act, targets).encode() or b"\0")
        os._exit(0)
    os.close(writing)
    said = os.read(reading, 1000)
    os.close(reading)
    os.waitpid(child, 0)
    return said.rstrip(b"\0").decode() if said else "died"


def _tried(act: Act, targets: dict[str, Any]) -> str:
    try:
        return "" if act(targets) else "nothing came of it"
    except BaseException as error:  # noqa: BLE001  an act may fail in any way
        return f"{type(error).__name__}: {error}"[:200]


def _answering() -> int:
    """The pipe to the parent, which the child keeps under a number that it tells nobody."""
    for descriptor in range(3, 64):
        try:
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                return descriptor
        except OSError:
            continue
    raise LookupError("no pipe")
