"""Trains as the files in a folder say (`child.py` tells which): the program that a training run starts.

python -m models_store.tuning FOLDER [--memory BYTES]

Ends with 0 when all is made, with 75 when it was stopped by SIGTERM and can go on, with 1 and an error.json otherwise.
`--memory` bounds what the process may hold; `models_store.tuning.by_hand` is the command for people.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import resource
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from extraction.errors import StrongroomError
from models_store.tuning.errors import DiskFull, Stopped, TooLittleMemory, TuningError

ERROR = "error.json"
CAN_GO_ON = 75
_LEAST_MEMORY = 768 * 2**20
_TELLING = ("can't allocate memory", "out of memory", "cannot allocate memory", "bad_alloc", "failed to map segment")
"""What the libraries say when memory is short."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory", type=int, metavar="BYTES")
    settings = parser.parse_args()
    if not settings.folder.is_dir():
        parser.error(f"{settings.folder} is no folder")
    # Nothing is fetched, and one GPU is used: the batches are cut for one.
    os.environ |= {"HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": os.environ.get("CUDA_VISIBLE_DEVICES", "0")}
    if settings.memory:
        resource.setrlimit(resource.RLIMIT_DATA, (settings.memory, settings.memory))
    (settings.folder / ERROR).unlink(missing_ok=True)
    try:
        _check_memory()
        # Under the bound: the libraries alone may need more.
        from models_store.tuning.child import work

        work(settings.folder)
    except Stopped:
        return CAN_GO_ON
    except (StrongroomError, TuningError, OSError, MemoryError, RuntimeError, ValueError, ImportError) as error:
        _tell(settings.folder, error)
        return 1
    return 0


def _check_memory() -> None:
    """Below that the libraries end the process themselves, without a word. Raises TooLittleMemory."""
    bounds = [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS)]
    least = min((bound for bound in bounds if bound != resource.RLIM_INFINITY), default=_LEAST_MEMORY)
    if least < _LEAST_MEMORY:
        raise TooLittleMemory(f"{least} bytes, of at least {_LEAST_MEMORY}")


def reason(error: Exception) -> TuningError | StrongroomError:
    """What a person is told of a failure."""
    said = str(error).casefold()
    if isinstance(error, TuningError | StrongroomError):
        return error
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskFull(str(error))
    if isinstance(error, MemoryError) or any(words in said for words in _TELLING):
        return TooLittleMemory(str(error))
    return TuningError(f"{type(error).__name__}: {error}")


def _tell(folder: Path, error: Exception) -> None:
    told = reason(error)
    if type(told) is TuningError:  # nobody has foreseen it: where it happened is for the log
        traceback.print_exception(error)
    record = {"code": told.code, "sentence": told.sentence, "next": told.next_step, "detail": told.detail}
    line = json.dumps(record, ensure_ascii=False)
    sys.stderr.write(line + "\n")
    with suppress(OSError):  # on a full disk
        (folder / ERROR).write_text(line, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
