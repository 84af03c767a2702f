"""The system calls that a reading process keeps: memory, files to be read, clocks, its own signals, its end.

Everything else is refused: sockets, new processes and threads, other programs, other processes, mounts, keys, tracing,
io_uring, bpf, files in memory, changes to files and to rights. The numbers are those of the kernel's own headers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extraction.read.sandbox.seccomp import ArgumentRule, filter_for

COLUMNS = {"x86_64": 0, "aarch64": 1}
KEPT: Mapping[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "lseek": (8, 62),
    "close": (3, 57),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "open": (2, None),
    "openat": (257, 56),
    "getdents64": (217, 61),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getcwd": (79, 17),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "setitimer": (38, 103),
    "futex": (202, 98),
    "restart_syscall": (219, 128),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "getcpu": (309, 168),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getrlimit": (97, 163),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""Name: its numbers on x86_64 and aarch64; None where there is none."""

BY_ARGUMENT: Mapping[str, tuple[tuple[int, int], ArgumentRule]] = {
    # TCGETS (every open() of Python asks whether it is a terminal), FIONCLEX, FIOCLEX; no typing into terminals.
    "ioctl": ((16, 29), (1, (0x5401, 0x5450, 0x5451))),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC; no F_SETOWN, which sends signals to others.
    "fcntl": ((72, 25), (1, (0, 1, 2, 3, 1030))),
    # Limits are read, never set: no new limit is given.
    "prlimit64": ((302, 261), (2, (0,))),
}


def filter_program(machine: str) -> bytes:
    """Raises KeyError for a machine whose calls are not listed."""
    column = COLUMNS[machine]
    by_argument = {numbers[column]: rule for numbers, rule in BY_ARGUMENT.values()}
    return filter_for(machine, _kept(column), by_argument)


def _kept(column: int) -> Iterator[int]:
    for numbers in KEPT.values():
        number = numbers[column]
        if number is not None:
            yield number
