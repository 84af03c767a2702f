"""The filter of system calls, run step by step as the kernel would: for both machines, whichever this one is."""

from __future__ import annotations

import struct

import pytest

from extraction.read.sandbox import seccomp
from extraction.read.sandbox.system_calls import BY_ARGUMENT, COLUMNS, KEPT, filter_program

REFUSED = {  # x86_64, aarch64
    "socket": (41, 198),
    "connect": (42, 203),
    "clone": (56, 220),
    "execve": (59, 221),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "chmod": (90, 52),
    "setuid": (105, 146),
    "mount": (165, 40),
    "unshare": (272, 97),
    "process_vm_readv": (310, 270),
    "seccomp": (317, 277),
    "memfd_create": (319, 279),
    "bpf": (321, 280),
    "execveat": (322, 281),
    "userfaultfd": (323, 282),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "clone3": (435, 435),
    "pidfd_getfd": (438, 438),
    "the newest there may be": (1000, 1000),
}
X32 = 0x40000000


def verdict(program: bytes, architecture: int, number: int, *arguments: int) -> int:
    """What the filter gives for one call."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *padded)
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, at * 8)
        at += 1
        if code == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif code == seccomp.EQUALS:
            at += if_true if accumulator == value else if_false
        else:
            assert code == seccomp.RETURN
            return value


@pytest.fixture(params=sorted(COLUMNS))
def machine(request: pytest.FixtureRequest) -> str:
    return request.param


def judged(machine: str, number: int, *arguments: int) -> int:
    return verdict(filter_program(machine), seccomp.ARCHITECTURES[machine], number, *arguments)


def test_every_kept_call_is_allowed(machine: str) -> None:
    numbers = [numbers[COLUMNS[machine]] for numbers in KEPT.values()]
    verdicts = {judged(machine, number) for number in numbers if number is not None}
    assert verdicts == {seccomp.ALLOW}


@pytest.mark.parametrize("name", REFUSED)
def test_what_an_intruder_needs_is_refused(machine: str, name: str) -> None:
    assert judged(machine, REFUSED[name][COLUMNS[machine]]) == seccomp.REFUSE


@pytest.mark.parametrize("name", BY_ARGUMENT)
def test_a_call_that_is_kept_for_some_uses_is_refused_for_others(machine: str, name: str) -> None:
    numbers, (place, values) = BY_ARGUMENT[name]
    number = numbers[COLUMNS[machine]]
    before = [0] * place
    assert {judged(machine, number, *before, value) for value in values} == {seccomp.ALLOW}
    assert judged(machine, number, *before, 8) == seccomp.REFUSE
    assert judged(machine, number, *before, values[0] | 1 << 32) == seccomp.REFUSE


def test_the_table_of_another_architecture_ends_the_process(machine: str) -> None:
    i386 = 0x40000003
    assert verdict(filter_program(machine), i386, KEPT["read"][0] or 0) == seccomp.KILL


def test_calls_by_the_third_table_of_x86_are_refused() -> None:
    assert judged("x86_64", X32 | 0) == seccomp.REFUSE
    assert judged("x86_64", 0) == seccomp.ALLOW


def test_control_a_filter_that_allows_a_socket_is_told_apart(machine: str) -> None:
    number = REFUSED["socket"][COLUMNS[machine]]
    lax = seccomp.filter_for(machine, [number], {})
    assert verdict(lax, seccomp.ARCHITECTURES[machine], number) == seccomp.ALLOW


def test_a_machine_whose_calls_are_not_listed_has_no_filter() -> None:
    with pytest.raises(KeyError):
        filter_program("riscv64")


def test_no_number_stands_twice(machine: str) -> None:
    column = COLUMNS[machine]
    numbers = [row[column] for row in KEPT.values() if row[column] is not None]
    numbers += [row[column] for row, _ in BY_ARGUMENT.values()]
    assert len(numbers) == len(set(numbers))
