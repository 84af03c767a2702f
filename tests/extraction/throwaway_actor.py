"""What a process that is thrown away may try; run as a module by the test beside it."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from extraction.throwaway import Bounds, confine

BOUNDS = Bounds(memory_bytes=256 << 20, processor_seconds=2, wall_seconds=20.0, answer_bytes=1000)


def look_around(_: dict[str, Any]) -> str:
    files = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.exists()]
    return json.dumps({"environment": dict(os.environ), "files": files})


def limits(_: dict[str, Any]) -> str:
    names = {"memory": "AS", "seconds": "CPU", "file": "FSIZE", "core": "CORE", "descriptors": "NOFILE"}
    return json.dumps(
        {word: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] for word, name in names.items()}
    )


def spin(_: dict[str, Any]) -> str:
    while True:
        pass


def talk_without_end(_: dict[str, Any]) -> str:
    while True:
        sys.stdout.write("a" * 65536)


def sleep(_: dict[str, Any]) -> str:
    time.sleep(60)
    return ""


def close_and_sleep(_: dict[str, Any]) -> str:
    os.close(1)
    return sleep(_)


def start_another(_: dict[str, Any]) -> str:
    return str(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.DEVNULL).pid)


ACTS = {
    "echo": lambda asked: asked["text"],
    "look around": look_around,
    "limits": limits,
    "eat memory": lambda _: str(len(bytearray(1 << 30))),
    "spin": spin,
    "crash": lambda _: str(ctypes.string_at(8)),
    "leave": lambda _: sys.exit(3),
    "write a file": lambda asked: str(Path(asked["path"]).write_text("a")),
    "talk without end": talk_without_end,
    "sleep": sleep,
    "close and sleep": close_and_sleep,
    "start another": start_another,
}


if __name__ == "__main__":
    confine(BOUNDS)
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(ACTS[asked["act"]](asked))
