"""Acts on files: what lies on the box, and what the kernel shows of other processes as files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def read_a_secret_file(targets: dict[str, Any]) -> bool:
    return Path(targets["secret"]).read_text() == targets["mark"]


def read_the_accounts(targets: dict[str, Any]) -> bool:
    return "root" in Path("/etc/passwd").read_text()


def list_a_folder(targets: dict[str, Any]) -> bool:
    return bool(os.listdir(targets["folder"]))


def ask_whether_a_file_is_there(targets: dict[str, Any]) -> bool:
    return os.stat(targets["secret"]).st_size == len(targets["mark"])


def write_a_file(targets: dict[str, Any]) -> bool:
    return Path(targets["folder"], "written").write_bytes(bytes(1 << 20)) == 1 << 20


def write_beside_the_program(targets: dict[str, Any]) -> bool:
    path = Path(os.getcwd(), ".written-by-a-trial")
    path.write_text("x")
    path.unlink()
    return True


def go_through_a_link(targets: dict[str, Any]) -> bool:
    link = Path(targets["folder"], "link")
    link.symlink_to(targets["secret"])
    return link.read_text() == targets["mark"]


def follow_a_link_that_lies_there(targets: dict[str, Any]) -> bool:
    return Path(targets["link"]).read_text() == targets["mark"]


def change_a_mode(targets: dict[str, Any]) -> bool:
    os.chmod(targets["folder"], 0o777)  # noqa: S103  what an intruder would do
    return True


def read_the_parents_environment(targets: dict[str, Any]) -> bool:
    return targets["mark"].encode() in Path(f"/proc/{targets['victim']}/environ").read_bytes()


def read_through_the_parents_descriptor(targets: dict[str, Any]) -> bool:
    return Path(f"/proc/{targets['parent']}/fd/{targets['descriptor']}").read_text() == targets["mark"]


def read_the_parents_memory_as_a_file(targets: dict[str, Any]) -> bool:
    memory = os.open(f"/proc/{targets['parent']}/mem", os.O_RDONLY)
    return os.pread(memory, len(targets["mark"]), targets["address"]) == targets["mark"].encode()


def write_a_setting_of_the_kernel(targets: dict[str, Any]) -> bool:
    path = Path("/proc/sys/vm/overcommit_memory")
    path.write_text(path.read_text())
    return True


ACTS = (
    read_a_secret_file,
    read_the_accounts,
    list_a_folder,
    ask_whether_a_file_is_there,
    write_a_file,
    write_beside_the_program,
    go_through_a_link,
    follow_a_link_that_lies_there,
    change_a_mode,
    read_the_parents_environment,
    read_through_the_parents_descriptor,
    read_the_parents_memory_as_a_file,
    write_a_setting_of_the_kernel,
)
