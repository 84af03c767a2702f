"""Acts on rights, and on the parts of the kernel where its weaknesses were found most often."""

from __future__ import annotations

import mmap
import os
import resource
import stat
from pathlib import Path
from typing import Any

from extraction.read.sandbox.kernel import call

CLONE_NEWUSER = 0x10000000
PROCESS_KEYRING = -2
IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
NUMBERS = {  # x86_64, aarch64
    "add_key": (248, 217),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
}


def raw(name: str, *arguments: Any) -> int:
    column = 1 if os.uname().machine == "aarch64" else 0
    return call("syscall", NUMBERS[name][column], *arguments)


def raise_a_limit(targets: dict[str, Any]) -> bool:
    endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_FSIZE, endless)
    return resource.getrlimit(resource.RLIMIT_FSIZE) == endless


def take_much_memory(targets: dict[str, Any]) -> bool:
    """Asks for four gibibytes and touches a byte of them."""
    with mmap.mmap(-1, 4 << 30) as hoard:
        hoard[-1] = 1
    return True


def become_another_user(targets: dict[str, Any]) -> bool:
    os.setresuid(12345, 12345, 12345)
    return os.getuid() == 12345


def own_a_namespace(targets: dict[str, Any]) -> bool:
    return call("unshare", CLONE_NEWUSER) == 0


def mount_a_file_system(targets: dict[str, Any]) -> bool:
    call("mount", b"none", os.fsencode(targets["mount_point"]), b"tmpfs", 0, None)
    return call("umount2", os.fsencode(targets["mount_point"]), 0) == 0


def change_the_root(targets: dict[str, Any]) -> bool:
    os.chroot(targets["folder"])
    return os.listdir("/") != []


def make_a_device(targets: dict[str, Any]) -> bool:
    path = Path(targets["folder"], "device")
    os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(7, 0))
    return path.is_block_device()


def file_in_memory(targets: dict[str, Any]) -> bool:
    return os.write(os.memfd_create("full"), bytes(1 << 20)) == 1 << 20


def share_memory(targets: dict[str, Any]) -> bool:
    segment = call("shmget", IPC_PRIVATE, 4096, IPC_CREAT | 0o600)
    return call("shmctl", segment, IPC_RMID, None) == 0


def keep_a_key(targets: dict[str, Any]) -> bool:
    return raw("add_key", b"user", b"trial", b"secret", 6, PROCESS_KEYRING) > 0


def set_up_io_uring(targets: dict[str, Any]) -> bool:
    return raw("io_uring_setup", 4, bytes(120)) > 0


def load_into_the_kernel(targets: dict[str, Any]) -> bool:
    """BPF_MAP_CREATE: an array of one value of eight bytes."""
    attributes = b"".join(value.to_bytes(4, "little") for value in (2, 4, 8, 1)).ljust(120, b"\0")
    return raw("bpf", 0, attributes, len(attributes)) > 0


def watch_the_processor(targets: dict[str, Any]) -> bool:
    """A counter of the software clock over this process, without the kernel's own part."""
    attributes = (1).to_bytes(4, "little") + (128).to_bytes(4, "little") + bytes(32) + (0x60).to_bytes(8, "little")
    return raw("perf_event_open", attributes.ljust(128, b"\0"), 0, -1, -1, 0) > 0


def catch_page_faults(targets: dict[str, Any]) -> bool:
    return raw("userfaultfd", 1) > 0


ACTS = (
    raise_a_limit,
    take_much_memory,
    become_another_user,
    own_a_namespace,
    mount_a_file_system,
    change_the_root,
    make_a_device,
    file_in_memory,
    share_memory,
    keep_a_key,
    set_up_io_uring,
    load_into_the_kernel,
    watch_the_processor,
    catch_page_faults,
)
