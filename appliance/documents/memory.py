"""How much memory this process may still take: what the machine has left, and what its container is allowed."""

from __future__ import annotations

from pathlib import Path

MACHINE = Path("/proc/meminfo")
CONTAINER = Path("/sys/fs/cgroup")


def bytes_free(*, machine: Path = MACHINE, container: Path = CONTAINER) -> int:
    """Pages of files that can be dropped at any time count as free, as the kernel itself counts them."""
    left = _fields(machine)["MemAvailable:"] * 1024
    try:
        allowed = (container / "memory.max").read_text().strip()
        used = int((container / "memory.current").read_text())
        droppable = _fields(container / "memory.stat").get("inactive_file", 0)
    except OSError:
        return left
    return min(left, int(allowed) - used + droppable) if allowed.isdigit() else left


def _fields(path: Path) -> dict[str, int]:
    """Lines of a name and a number, as the kernel writes them."""
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}
