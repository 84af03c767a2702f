"""Checks an audit log of Strongroom, or a part of it, without trusting the machine that wrote it.

One file, Python 3.9 or newer, nothing else, no network: keep a copy of it, and the log's key, where the appliance's
administrators cannot write. The format is docs/audit-format.md; this file shares no code with the appliance. It reads
from top to bottom: 1 verdicts, 2 Ed25519, 3 the tree, 4 keys and notes, 5 files, 6 records, 7 a log, 8 its anchors,
9 selection and proofs, 10 counter-signing, 11 the command line. Every byte that is read is held to be forged until it
has been shown to be none: names begin with `untrusted` where nothing has been shown yet.
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import json
import os
import re
import stat
import sys
import time
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NoReturn

SECOND = 1_000_000  # microseconds
STALE_AFTER = HELD_UP_AFTER = 180 * SECOND
CLOCKS_AGREE_WITHIN = 5 * SECOND * 1000  # nanoseconds
ENTRIES_PER_FILE = 1000
LONGEST_RECORD = 65_536
LONGEST_NOTE = 65_536
LONGEST_TEXT = 16 * 1024 * 1024
TILE = 256
SIGNATURES_AT_ONCE = 1000
SIGNATURES_WORTH_IT = 64

# ---- 1. Verdicts ----------------------------------------------------------------------------------------------------

EXIT = {"ok": 0, "tampered": 1, "incomplete": 2, "usage": 3}
INCOMPLETE = ("stale", "not_pinned", "not_readable")


@dataclass
class Report:
    """`kind` and `index` are None where there is none; `entries` and `checkpoints` count what was looked at."""

    verdict: str = "ok"
    kind: str | None = None
    index: int | None = None
    entries: int = 0
    checkpoints: int = 0
    message: str = ""


class Finding(Exception):
    """Something is wrong: `kind` as in the table of docs/audit-format.md section 7, `index` a record or a size."""

    def __init__(self, kind: str, index: int | None, message: str) -> None:
        super().__init__(message)
        self.kind, self.index, self.message = kind, index, message

    @property
    def verdict(self) -> str:
        return "incomplete" if self.kind in INCOMPLETE else "tampered"


class Usage(Exception):
    """What was asked for cannot be done: a wrong argument, a key that is none."""


# ---- 2. Ed25519 (RFC 8032) ------------------------------------------------------------------------------------------
# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z. Times depend on secrets: sign only on a machine of your own.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * D * a[3] * b[3] % P, 2 * a[2] * b[2] % P
    x, t, z, y = f - e, h - g, h + g, f + e
    return x * t % P, z * y % P, t * z % P, x * y % P


def _double(a: Point) -> Point:
    xx, yy, xy = a[0] * a[0] % P, a[1] * a[1] % P, a[0] + a[1]
    h, g = xx + yy, xx - yy
    e, f = h - xy * xy % P, 2 * a[2] * a[2] % P + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _negative(a: Point) -> Point:
    return P - a[0], a[1], a[2], P - a[3]


def _compress(a: Point) -> bytes:
    inverse = pow(a[2], -1, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decompress(untrusted: bytes) -> Point | None:
    """None for bytes that are no point, also for a second spelling of one."""
    number = int.from_bytes(untrusted, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(untrusted) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


@functools.lru_cache(maxsize=64)
def _odd_multiples(point: Point, width: int) -> tuple[Point, ...]:
    twice, table = _double(point), [point]
    while len(table) < 1 << width - 2:
        table.append(_add(table[-1], twice))
    return tuple(table)


def _signed_digits(number: int, width: int) -> dict[int, int]:
    """number = sum of digit * 2**place, digits odd and below 2**(width-1), most places empty."""
    digits, place = {}, 0
    while number:
        zeros = (number & -number).bit_length() - 1
        number, place = number >> zeros, place + zeros
        digit = number & (1 << width) - 1
        digits[place] = digit = digit - (1 << width) if digit >> width - 1 else digit
        number -= digit
    return digits


def _sum_of_multiples(pairs: Sequence[tuple[int, Point, int]]) -> Point:
    """Sum of number * point; the third of each is the width of its table."""
    terms = [(_signed_digits(number, width), _odd_multiples(point, width)) for number, point, width in pairs]
    total = ZERO
    for place in range(max((max(digits, default=0) for digits, _ in terms), default=0), -1, -1):
        total = _double(total)
        for digits, table in terms:
            digit = digits.get(place)
            if digit:
                multiple = table[abs(digit) >> 1]
                total = _add(total, multiple if digit > 0 else _negative(multiple))
    return total


_BASE = _decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or ZERO
_decompressed = functools.lru_cache(maxsize=64)(_decompress)


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % L


def ed25519_verify(public: bytes, message: bytes, untrusted_signature: bytes) -> bool:
    point, scalar = _decompressed(public), int.from_bytes(untrusted_signature[32:], "little")
    if point is None or len(untrusted_signature) != 64 or scalar >= L:
        return False
    challenge = _number(untrusted_signature[:32], public, message)
    found = _sum_of_multiples([(scalar, _BASE, 8), (challenge, _negative(point), 5)])
    return _compress(found) == untrusted_signature[:32]


def ed25519_verify_all(public: bytes, signed: Sequence[tuple[bytes, bytes]]) -> bool:
    """Whether all of these (message, signature) are good, five times as fast as one by one.

    One equation, the sum of all, each multiplied by a random number of 128 bits that no forger can foresee. It does not
    see a signature that only the holder of the key could bend (a part of small order); for others it is the same.
    """
    point, left, right, commitments = _decompressed(public), 0, 0, []
    for message, untrusted in signed:
        commitment, scalar = _decompress(untrusted[:32]), int.from_bytes(untrusted[32:], "little")
        if commitment is None or len(untrusted) != 64 or scalar >= L:
            return False
        factor = int.from_bytes(os.urandom(16), "little")
        left += factor * scalar
        right += factor * _number(untrusted[:32], public, message)
        commitments.append((factor, commitment))
    if point is None:
        return False
    rest = _sum_of_multiples([(left % L, _BASE, 8), (right % L, _negative(point), 5)])
    rest = _add(rest, _negative(_sum_by_digits(commitments)))
    for _ in range(3):
        rest = _double(rest)
    return rest[0] == 0 and rest[1] == rest[2]


def _sum_by_digits(terms: Sequence[tuple[int, Point]]) -> Point:
    """Sum of number * point for many points and numbers of 128 bits: sorted by digit, each digit's points added."""
    total = ZERO
    for shift in range(120, -1, -8):
        digits: list[Point] = [ZERO] * 256
        for number, point in terms:
            digit = number >> shift & 255
            digits[digit] = _add(digits[digit], point)
        above = part = ZERO
        for digit in range(255, 0, -1):  # the points of digit d are added d times
            above = _add(above, digits[digit])
            part = _add(part, above)
        for _ in range(8):
            total = _double(total)
        total = _add(total, part)
    return total


def _expand(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254, digest[32:]


def ed25519_public(seed: bytes) -> bytes:
    return _compress(_sum_of_multiples([(_expand(seed)[0], _BASE, 8)]))


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    scalar, prefix = _expand(seed)
    nonce = _number(prefix, message)
    commitment = _compress(_sum_of_multiples([(nonce, _BASE, 8)]))
    answer = (nonce + _number(commitment, ed25519_public(seed), message) * scalar) % L
    return commitment + answer.to_bytes(32, "little")


# ---- 3. The tree (RFC 6962) -----------------------------------------------------------------------------------------

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Grows leaf by leaf and keeps only the roots of its perfect subtrees, the greatest first."""

    def __init__(self) -> None:
        self.size = 0
        self.subtrees: list[bytes] = []

    def append(self, leaf: bytes) -> list[tuple[int, bytes]]:
        """The hashes that became final and stand in tiles, with the level of the tile."""
        final, current, height, rest = [(0, leaf)], leaf, 0, self.size
        while rest & 1:
            current, height, rest = node_hash(self.subtrees.pop(), current), height + 1, rest >> 1
            if height % 8 == 0:
                final.append((height // 8, current))
        self.subtrees.append(current)
        self.size += 1
        return final

    def root(self) -> bytes:
        if not self.subtrees:
            return EMPTY_ROOT
        return functools.reduce(lambda right, left: node_hash(left, right), reversed(self.subtrees))


def root_by_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to; None for a proof of the wrong shape (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != 32 for step in (leaf, *path)):
        return None
    place, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(step, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, step)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def is_continued(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Does the tree `new` (size, root) begin with the tree `old`? (RFC 9162 2.1.4.2)"""
    (size, root), (new_size, new_root) = old, new
    if size == new_size:
        return root == new_root and not path
    if not 0 < size < new_size or any(len(step) != 32 for step in (root, new_root, *path)):
        return False
    steps = list(path) if size & size - 1 else [root, *path]
    place, last = size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not steps:
        return False
    old_found = new_found = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_found, new_found = node_hash(step, old_found), node_hash(step, new_found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new_found = node_hash(new_found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old_found == root and new_found == new_root


# ---- 4. Keys and signed notes (C2SP) --------------------------------------------------------------------------------

LOG_KEY, WITNESS_KEY = 1, 4
ORIGIN = "strongroom/"
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,17}")


def unbase64(untrusted: str) -> bytes:
    """Raises ValueError for anything but the one right spelling."""
    raw = base64.b64decode(untrusted.encode("ascii"), validate=True)
    if base64.b64encode(raw).decode() != untrusted:
        raise ValueError("a second spelling of base64")
    return raw


def decimal(untrusted: str) -> int:
    if not _DECIMAL.fullmatch(untrusted):
        raise ValueError("not a decimal number")
    return int(untrusted)


@dataclass(frozen=True)
class Key:
    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def line(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(self.line.encode()).hexdigest()
        return " ".join(digest[place : place + 4] for place in range(0, 64, 4))


def parse_key(untrusted: str) -> Key:
    """Raises ValueError for a line that is no public key, or whose key id is not its own."""
    name, _, rest = untrusted.strip().partition("+")
    data = unbase64(rest.partition("+")[2])
    if not name or len(data) != 33 or data[0] not in (LOG_KEY, WITNESS_KEY):
        raise ValueError("not a public key")
    key = Key(name, data[0], data[1:])
    if key.line != untrusted.strip() or _decompressed(key.public) is None:
        raise ValueError("not a public key")
    return key


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    data: bytes


@dataclass(frozen=True)
class Note:
    body: bytes
    signatures: tuple[Signature, ...]

    def check(self, key: Key, where: tuple[str, int]) -> None:
        """Raises Finding unless `key` signed this note, once; `where` is what it is, in words, and its index."""
        what, index = where
        own = [signature for signature in self.signatures if signature.name == key.name]
        if not own:
            raise Finding("bad_signature", index, f"{what} is not signed by {key.name}")
        if any(signature.key_id != key.key_id for signature in own):
            raise Finding("wrong_key", index, f"{what} is signed by another key than {key.line}")
        if len(own) > 1 or not ed25519_verify(key.public, self.body, own[0].data):
            raise Finding("bad_signature", index, f"The signature of {what} is false")


def parse_note(untrusted: bytes) -> Note:
    """Raises ValueError for what is not a note."""
    text = untrusted.decode("utf-8")
    body, blank, signed = text.rpartition("\n\n")
    if not blank or not signed.endswith("\n") or any(sign < " " and sign != "\n" for sign in text):
        raise ValueError("not a signed note")
    signatures = []
    for line in signed[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        data = unbase64(encoded)
        if dash != "\u2014" or not name or len(data) < 5:
            raise ValueError("not a signature")
        signatures.append(Signature(name, data[:4], data[4:]))
    return Note(body.encode() + b"\n", tuple(signatures))


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    time_us: int
    epoch: int
    previous: tuple[int, str]
    note: Note

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.note.body).hexdigest()

    @property
    def words(self) -> str:
        return f"The checkpoint of size {self.size}"


_BODY = re.compile(
    r"(strongroom/[^\n]+)\n([0-9]+)\n([A-Za-z0-9+/=]{44})\n"
    r"time ([0-9]+)\nepoch ([0-9]+)\nprevious ([0-9]+) (-|[0-9a-f]{64})\n"
)


def parse_checkpoint(untrusted: bytes) -> Checkpoint:
    """Raises ValueError for what is not a checkpoint."""
    note = parse_note(untrusted)
    found = _BODY.fullmatch(note.body.decode("utf-8"))
    if not found:
        raise ValueError("not a checkpoint")
    origin, size, root, when, epoch, previous, digest = found.groups()
    link = decimal(previous), digest
    return Checkpoint(origin, decimal(size), unbase64(root), decimal(when), decimal(epoch), link, note)


def cosigned(body: bytes, seconds: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % seconds + body


def check_witnesses(checkpoint: Checkpoint, witnesses: Sequence[Key]) -> set[str]:
    """Names of the witnesses whose signatures are good; raises Finding for a false one and for one without a key."""
    good: set[str] = set()
    known = {(key.name, key.key_id): key for key in witnesses}
    for signature in checkpoint.note.signatures:
        if signature.name == checkpoint.origin:
            continue
        key, data = known.get((signature.name, signature.key_id)), signature.data
        if key is None:
            words = f"{checkpoint.words} bears a signature of {signature.name} that no --witness is given for"
            raise Finding("not_pinned", checkpoint.size, words)
        message = cosigned(checkpoint.note.body, int.from_bytes(data[:8], "big"))
        if key.name in good or len(data) != 72 or not ed25519_verify(key.public, message, data[8:]):
            raise Finding(
                "bad_cosignature", checkpoint.size, f"{checkpoint.words}: the signature of {key.name} is false"
            )
        good.add(key.name)
    return good


# ---- 5. Files -------------------------------------------------------------------------------------------------------


def _give_up(problem: OSError) -> NoReturn:
    """A folder that cannot be listed must not pass for an empty one."""
    raise problem


UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)


class Bundle:
    """The files of a folder or a ZIP by name. Links and devices are not there; nothing is unpacked."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.archive: zipfile.ZipFile | None = None
        try:
            if os.path.isdir(path):
                self.names = set(self._files())
                return
            self.archive = zipfile.ZipFile(path)
        except UNREADABLE as problem:
            raise Finding(
                "not_readable", None, f"{path} is neither a folder nor a ZIP file that can be read"
            ) from problem
        names = [member.filename for member in self.archive.infolist() if not member.filename.endswith("/")]
        self.names = set(names)
        if len(names) != len(self.names):
            raise Finding("not_readable", None, "The ZIP file holds two files of one name")

    def _files(self) -> Iterator[str]:
        for folder, _, files in os.walk(self.path, onerror=_give_up):
            inside = os.path.relpath(folder, self.path).replace(os.sep, "/")
            for name in files:
                if stat.S_ISREG(os.lstat(os.path.join(folder, name)).st_mode):
                    yield name if inside == "." else f"{inside}/{name}"

    def under(self, folder: str) -> set[str]:
        return {name for name in self.names if name.startswith(folder)}

    def read(self, name: str, longest: int) -> bytes:
        if name not in self.names:
            raise Finding("not_readable", None, f"{name} is missing")
        try:
            with self.archive.open(name) if self.archive else open(os.path.join(self.path, name), "rb") as source:
                content = source.read(longest + 1)
        except UNREADABLE as problem:
            raise Finding("not_readable", None, f"{name} cannot be read") from problem
        if len(content) > longest:
            raise Finding("not_readable", None, f"{name} is longer than any such file")
        return bytes(content)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a text without their ends; a piece without an end comes with a NUL, which no record holds."""
        rest = self.read(name, 64 * LONGEST_TEXT)
        start = 0
        while start < len(rest):
            end = rest.find(b"\n", start)
            yield rest[start:end] if end >= 0 else rest[start:] + b"\x00"
            start = end + 1 if end >= 0 else len(rest)


def read_file(path: str, longest: int = LONGEST_NOTE) -> bytes:
    """A file that was named on the command line. Raises Finding."""
    try:
        with open(path, "rb") as source:
            content = source.read(longest + 1)
    except (OSError, ValueError) as problem:
        raise Finding("not_readable", None, f"{path} cannot be read") from problem
    if len(content) > longest:
        raise Finding("not_readable", None, f"{path} is longer than any such file")
    return content


# ---- 6. Records -----------------------------------------------------------------------------------------------------


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(f"{text} in a record")


_DECODER = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction)
_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_STRINGS = [
    "log_id",
    "event_id",
    "boot_id",
    "actor",
    "actor_role",
    "auth",
    "address",
    "session",
    "request_id",
    "action",
    "outcome",
    "reason",
]
_OBJECTS = ["object", "digests", "commitments"]
Record = dict[str, Any]


def _is_plain(value: Record) -> bool:
    """Only objects, strings and integers."""
    for inner in value.values():
        kind = type(inner)
        if kind is not str and kind is not int and not (kind is dict and _is_plain(inner)):
            return False
    return True


def parse_canonical(untrusted: bytes) -> Record:
    """The object that these bytes are the canonical form of. Raises ValueError."""
    try:
        value = _DECODER.decode(untrusted.decode("utf-8"))
        if type(value) is not dict or not _is_plain(value) or _ENCODER.encode(value).encode() != untrusted:
            raise ValueError("not canonical")
    except RecursionError as problem:
        raise ValueError("too deep") from problem
    return value


def parse_record(untrusted: bytes, index: int, log_id: str) -> Record:
    """Raises Finding: not_canonical, foreign_log."""
    if len(untrusted) > LONGEST_RECORD:
        raise Finding("not_canonical", index, f"Record {index} is longer than a record may be")
    try:
        record = parse_canonical(untrusted)
    except ValueError as problem:
        raise Finding("not_canonical", index, f"Record {index} is not written in the one permitted way") from problem
    typed = [(name, str) for name in _STRINGS] + [(name, dict) for name in _OBJECTS]
    for name, kind in (*typed, ("time_us", int), ("monotonic_ns", int)):
        if type(record.get(name)) is not kind:
            raise Finding("not_canonical", index, f"Record {index} has no {name}")
    if not _UUID.fullmatch(record["event_id"]):
        raise Finding("not_canonical", index, f"The event_id of record {index} is no UUID")
    if record["log_id"] != log_id:
        raise Finding("foreign_log", index, f"Record {index} belongs to another log")
    return record


@dataclass
class Clocks:
    """Sees whether the two clocks keep their distance within each boot, or say that they were moved."""

    measures: dict[str, list[int]] = field(default_factory=dict)
    astray: list[tuple[int, str, int]] = field(default_factory=list)

    def see(self, index: int, record: Record) -> None:
        boot, distance = record["boot_id"], record["time_us"] * 1000 - record["monotonic_ns"]
        measures = self.measures.setdefault(boot, [distance])
        if boot == "unknown" or self._is_near(boot, distance):
            return
        if record["action"] == "clock_moved":
            measures.append(distance)
        else:
            self.astray.append((index, boot, distance))

    def check(self) -> None:
        """A record may come into the log before the `clock_moved` that explains it: hence only at the end."""
        for index, boot, distance in self.astray:
            if not self._is_near(boot, distance):
                raise Finding("clock", index, f"Record {index} is dated by a clock that was moved, and none says so")

    def _is_near(self, boot: str, distance: int) -> bool:
        return any(abs(distance - measure) <= CLOCKS_AGREE_WITHIN for measure in self.measures[boot])


# ---- 7. A log -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trust:
    """What the officer brings: keys of the log, keys of witnesses, checkpoints kept elsewhere, the time it is now.

    `own` is the key of whoever counter-signs: its earlier signatures are checked, and may be none.
    """

    keys: tuple[Key, ...]
    witnesses: tuple[Key, ...] = ()
    anchors: tuple[Checkpoint, ...] = ()
    at: int = 0
    own: tuple[Key, ...] = ()


class Tiles:
    """The tiles of a tree of `size` records, compared hash by hash with what the records make."""

    def __init__(self, bundle: Bundle, size: int) -> None:
        self.bundle, self.size = bundle, size
        self.open: dict[int, tuple[int, bytes]] = {}
        self.placed: dict[int, int] = {}

    def name(self, level: int, tile: int) -> tuple[str, int]:
        """Path of a tile and how many hashes it holds."""
        groups, rest = [f"{tile % 1000:03d}"], tile // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        width = min(TILE, (self.size >> 8 * level) - tile * TILE)
        return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < TILE else ""), width

    def read(self, level: int, tile: int) -> bytes:
        if self.open.get(level, (-1, b""))[0] == tile:
            return self.open[level][1]
        (name, width), first = self.name(level, tile), tile * TILE ** (level + 1)
        if name not in self.bundle.names:
            raise Finding("tile_differs", first, f"{name} is missing")
        content = self.bundle.read(name, TILE * 32 + 1)
        if len(content) != width * 32:
            raise Finding("tile_differs", first, f"{name} does not hold {width} hashes")
        self.open[level] = tile, content
        return content

    def at(self, level: int, place: int) -> bytes:
        """The hash that stands at a place of a level; nothing behind the last."""
        if place >= self.size >> 8 * level:
            return b""
        offset = place % TILE * 32
        return self.read(level, place // TILE)[offset : offset + 32]

    def compare(self, level: int, found: bytes) -> None:
        """`found` is the next hash of an upper level."""
        place = self.placed.get(level, 0)
        self.placed[level] = place + 1
        if self.at(level, place) != found:
            first = place * TILE**level
            raise Finding(
                "tile_differs", first, f"The tiles of level {level} do not follow from the records from {first} on"
            )

    def check_names(self) -> None:
        counts = [self.size >> 8 * level for level in range(8) if self.size >> 8 * level]
        expected = {
            self.name(level, tile)[0] for level, count in enumerate(counts) for tile in range(-(-count // TILE))
        }
        surplus = self.bundle.under("tile/") - expected
        if surplus:
            raise Finding("tile_differs", self.size, f"{min(surplus)} is no tile of this log")


class LogCheck:
    """One check of one log folder; `run` raises the first Finding in the order of the steps."""

    def __init__(self, bundle: Bundle, trust: Trust) -> None:
        self.bundle, self.trust, self.report = bundle, trust, Report()
        self.checkpoints: list[Checkpoint] = []
        self.keys: list[tuple[int, Key]] = []  # from which size on a key signs
        self.tree, self.clocks = Tree(), Clocks()
        self.roots: dict[int, bytes] = {}
        self.events: set[bytes] = set()
        self.recorded: dict[int, tuple[int, Record]] = {}
        self.moved: list[int] = []  # indexes of clock_moved
        self.explained: list[int] = []  # and of sequencer_started too
        self.doubts: list[Finding] = []
        self.cosigned: dict[str, int] = {}  # names of witnesses, with the newest size that they signed

    def run(self) -> None:
        untrusted = read_manifest(self.bundle, "strongroom-log/1")
        self.log_id = untrusted["log_id"]
        self.read_checkpoints()
        self.newest = self.checkpoints[-1]
        self.tiles = Tiles(self.bundle, self.newest.size)
        self.find_keys()
        self.check_signatures()
        self.check_records()
        if (untrusted["size"], untrusted["made_us"]) != (self.newest.size, self.newest.time_us):
            raise Finding("bad_manifest", self.newest.size, "manifest.json does not agree with the newest checkpoint")
        self.tiles.check_names()
        self.check_links()
        self.check_recorded()
        self.clocks.check()
        self.check_times()
        check_anchors(self)
        self.check_newest()

    def read_checkpoints(self) -> None:
        for name in sorted(self.bundle.under("checkpoints/")):
            stem = name[len("checkpoints/") : -len(".note")]
            size = int(stem) if re.fullmatch(r"[0-9]{12}", stem) and name.endswith(".note") else None
            try:
                found = parse_checkpoint(self.bundle.read(name, LONGEST_NOTE))
            except ValueError as problem:
                raise Finding("bad_signature", size, f"{name} is not a signed checkpoint") from problem
            if found.origin != ORIGIN + self.log_id:
                raise Finding("foreign_log", found.size, f"{name} belongs to another log")
            if found.size != size:
                raise Finding("checkpoint_differs", size, f"{name} holds the checkpoint of size {found.size}")
            self.checkpoints.append(found)
        self.report.checkpoints = len(self.checkpoints)
        if not self.checkpoints:
            raise Finding("not_readable", None, "The log has no checkpoint")

    def find_keys(self) -> None:
        """Follows the key from rotation to rotation; at least one key of the chain must be one that was given."""
        changes = list(self.key_changes())
        pinned, first = self.trust.keys, self.checkpoints[0].size
        if not pinned:
            self.doubts.append(Finding("not_pinned", None, "No --key was given: nobody vouches for this log"))
            return
        signers = {s.key_id for s in self.checkpoints[0].note.signatures}
        own = [key for key in pinned if key.key_id in signers] or list(pinned)
        self.keys = [(0, changes[0][1] if changes else own[0])]
        for index, old, new in changes:
            if old != self.keys[-1][1]:
                raise Finding("wrong_key", index, f"Record {index} changes a key that was not in force")
            self.keys.append((index + 1, new))
        if not {key for _, key in self.keys} & set(pinned) or self.keys[0][1].name != ORIGIN + self.log_id:
            raise Finding("wrong_key", first, "The log is signed by a key that was not given")

    def key_changes(self) -> Iterator[tuple[int, Key, Key]]:
        """Rotations by index, old key, new key, each signed by the old one; the other records are checked later."""
        mark = b'"action":"log_key_changed"'
        for number, name in enumerate(sorted(self.bundle.under("entries/"))):
            content = self.bundle.read(name, (LONGEST_RECORD + 1) * ENTRIES_PER_FILE)
            for place, line in enumerate(content.split(b"\n") if mark in content else []):
                if mark in line:
                    yield self.key_change(line, number * ENTRIES_PER_FILE + place)

    def key_change(self, untrusted: bytes, index: int) -> tuple[int, Key, Key]:
        digests = parse_record(untrusted, index, self.log_id)["digests"]
        try:
            old, new = parse_key(str(digests.get("old_key"))), parse_key(str(digests.get("new_key")))
            signature = unbase64(str(digests.get("signature")))
        except ValueError as problem:
            raise Finding("bad_signature", index, f"Record {index} changes the key, but names no keys") from problem
        message = f"strongroom key change/v1\n{self.log_id}\n{old.line}\n{new.line}\n".encode()
        if new.name != old.name or not ed25519_verify(old.public, message, signature):
            raise Finding("bad_signature", index, f"Record {index} changes the key, but the old key did not sign that")
        return index, old, new

    def key_for(self, size: int) -> Key:
        return [key for first, key in self.keys if first <= size][-1]

    def check_signatures(self) -> None:
        for first in range(0, len(self.checkpoints), SIGNATURES_AT_ONCE):
            part = self.checkpoints[first : first + SIGNATURES_AT_ONCE]
            for checkpoint in part if self.keys and not self.are_all_signed(part) else ():
                checkpoint.note.check(self.key_for(checkpoint.size), (checkpoint.words, checkpoint.size))
        for checkpoint in self.checkpoints:
            try:
                names = check_witnesses(checkpoint, (*self.trust.witnesses, *self.trust.own))
                self.cosigned.update(dict.fromkeys(names, checkpoint.size))
            except Finding as finding:
                if finding.verdict == "tampered":
                    raise
                self.doubts.append(finding)

    def are_all_signed(self, part: Sequence[Checkpoint]) -> bool:
        """The fast way, for many checkpoints of one key; False says no more than that each is to be checked alone."""
        key, signed = self.key_for(part[0].size), []
        if len(part) < SIGNATURES_WORTH_IT or any(self.key_for(checkpoint.size) != key for checkpoint in part):
            return False
        for checkpoint in part:
            own = [signature for signature in checkpoint.note.signatures if signature.name == key.name]
            if len(own) != 1 or own[0].key_id != key.key_id:
                return False
            signed.append((checkpoint.note.body, own[0].data))
        return ed25519_verify_all(key.public, signed)

    def entries(self) -> Iterator[bytes]:
        """The lines of the entries' files, in order."""
        names = self.bundle.under("entries/")
        for number in range(len(names)):
            first, name = number * ENTRIES_PER_FILE, f"entries/{number:06d}.jsonl"
            if name not in names:
                raise Finding("missing_entries", first, f"{name} is missing")
            lines = self.bundle.read(name, (LONGEST_RECORD + 1) * ENTRIES_PER_FILE).split(b"\n")
            yield from lines[:-1]
            end = first + len(lines) - 1
            if lines[-1]:
                raise Finding("not_canonical", end, f"{name} does not end with a line feed")
            if len(lines) - 1 > ENTRIES_PER_FILE:
                raise Finding("surplus_entries", first + ENTRIES_PER_FILE, f"{name} holds too many records")
            if (len(lines) - 1 < ENTRIES_PER_FILE and number < len(names) - 1) or len(lines) == 1:
                raise Finding("missing_entries", end, f"{name} holds too few records")

    def check_records(self) -> None:
        """Every record, every hash in the tiles, the root of every checkpoint, in one pass."""
        wanted = {checkpoint.size: checkpoint.root for checkpoint in self.checkpoints}
        asked = {anchor.size for anchor in self.trust.anchors} | set(wanted)
        good, lines = 0, self.entries()
        self.check_root(wanted, asked, good)
        for index, untrusted in enumerate(lines):
            if index >= self.newest.size:
                words = f"The log holds more records than the newest checkpoint says: {self.newest.size}"
                raise Finding("surplus_entries", index, words)
            record, leaf = parse_record(untrusted, index, self.log_id), leaf_hash(untrusted)
            self.see(index, record)
            if self.tiles.at(0, index) != leaf:
                raise self.explained_leaf(index, leaf, next(lines, b""))
            for level, found in self.tree.append(leaf)[1:]:
                self.tiles.compare(level, found)
            self.report.entries = self.tree.size
            if self.tree.size in asked:
                good = self.check_root(wanted, asked, good)
        if self.tree.size < self.newest.size:
            words = f"The newest checkpoint says {self.newest.size} records; there are {self.tree.size}"
            raise Finding("missing_entries", self.tree.size, words)

    def check_root(self, wanted: dict[int, bytes], asked: set[int], good: int) -> int:
        """Compares and keeps the root of the present size; returns the size of the last good checkpoint."""
        size = self.tree.size
        if size in asked:
            self.roots[size] = self.tree.root()
        if size not in wanted:
            return good
        if self.roots[size] != wanted[size]:
            words = f"Records {good} to {size - 1} are not those that the checkpoint of size {size} was signed for"
            raise Finding("root_differs", good, words)
        return size

    def explained_leaf(self, index: int, leaf: bytes, following: bytes) -> Finding:
        """What happened where a record does not make the hash in its tile: changed, taken out or put in."""
        here, behind, after = self.tiles.at(0, index), self.tiles.at(0, index + 1), leaf_hash(following)
        if leaf == behind and after != here:
            return Finding(
                "missing_entries", index, f"Record {index} was taken out; the one behind it stands in its place"
            )
        if after == here and leaf != behind:
            return Finding("surplus_entries", index, f"Record {index} was put in; the right one stands behind it")
        return Finding("leaf_differs", index, f"Record {index} was changed: it does not make the hash in its tile")

    def see(self, index: int, record: Record) -> None:
        """What a record says about the log itself."""
        event = bytes.fromhex(record["event_id"].replace("-", ""))
        if event in self.events:
            raise Finding("duplicate_event", index, f"Record {index} repeats the event {record['event_id']}")
        self.events.add(event)
        self.clocks.see(index, record)
        action = record["action"]
        if action in ("sequencer_started", "clock_moved"):
            self.explained.append(index)
        if action == "clock_moved":
            self.moved.append(index)
        if action == "checkpoint_signed":
            self.see_checkpoint(index, record)

    def see_checkpoint(self, index: int, record: Record) -> None:
        try:
            size = decimal(str(record["object"].get("id")))
        except ValueError as problem:
            raise Finding("checkpoint_differs", index, f"Record {index} names no size") from problem
        if size in self.recorded or size > index:
            raise Finding("checkpoint_differs", index, f"Record {index} cannot tell of a checkpoint of size {size}")
        self.recorded[size] = index, record["digests"]

    def check_recorded(self) -> None:
        """Each checkpoint but the newest has its record, each record its checkpoint, and both say the same."""
        held = {checkpoint.size: checkpoint for checkpoint in self.checkpoints}
        for size, (index, digests) in self.recorded.items():
            checkpoint = held.get(size)
            if checkpoint is None:
                raise Finding(
                    "checkpoint_dropped", index, f"Record {index} tells of a checkpoint of size {size}; it is missing"
                )
            if (digests.get("root"), digests.get("body")) != (checkpoint.root.hex(), checkpoint.digest):
                raise Finding("checkpoint_differs", index, f"Record {index} and the checkpoint of size {size} differ")
        for size in sorted(set(held) - set(self.recorded) - {self.newest.size}):
            raise Finding("checkpoint_unrecorded", size, f"No record tells of the checkpoint of size {size}")

    def check_links(self) -> None:
        """Each checkpoint names the one before."""
        before: tuple[int, str] = (0, "-")
        for checkpoint in self.checkpoints:
            if checkpoint.previous[0] != before[0] or (before[1] == "-") != (checkpoint.previous[1] == "-"):
                words = f"{checkpoint.words} follows one of size {checkpoint.previous[0]}, which is missing"
                raise Finding("checkpoint_dropped", checkpoint.previous[0], words)
            if checkpoint.previous != before:
                raise Finding(
                    "checkpoint_differs", before[0], f"{checkpoint.words} follows another one of size {before[0]}"
                )
            before = checkpoint.size, checkpoint.digest

    def check_times(self) -> None:
        for before, after in zip(self.checkpoints, self.checkpoints[1:]):  # noqa: B905  Python 3.9
            passed = after.time_us - before.time_us
            if after.epoch < before.epoch:
                raise Finding("fork", after.size, f"{after.words} was signed by an earlier life of the sequencer")
            if passed < 0 and not _any_within(self.moved, before.size, after.size):
                raise Finding(
                    "clock", after.size, f"{after.words} is older than the one before it, and no record says why"
                )
            if passed > HELD_UP_AFTER and not _any_within(self.explained, before.size, after.size):
                words = f"No checkpoint for {passed // SECOND} seconds after size {before.size}, and no record says why"
                raise Finding("held_up", before.size, words)

    def check_newest(self) -> None:
        newest = self.newest
        for witness in self.trust.witnesses:
            if witness.name not in self.cosigned:
                raise Finding("cosignature_missing", newest.size, f"No checkpoint is signed by {witness.name}")
        for doubt in self.doubts:
            raise doubt
        away = (self.trust.at - newest.time_us) // SECOND
        if abs(away) > STALE_AFTER // SECOND:
            side = "old" if away > 0 else "ahead of this machine's clock"
            words = f"All is in order up to the newest checkpoint, which is {abs(away)} seconds {side}"
            raise Finding("stale", newest.size, words + "; if the folder was made then, say so with --at")


def _any_within(indexes: list[int], first: int, end: int) -> bool:
    place = bisect_left(indexes, first)
    return place < len(indexes) and indexes[place] < end


def read_manifest(bundle: Bundle, form: str) -> Record:
    """manifest.json of the given format, with the types that this format has."""
    types = {"format": str, "log_id": str, "size": int, "made_us": int}
    if form.startswith("strongroom-selection"):
        types = {"format": str, "log_id": str, "filter": str}
        types.update(dict.fromkeys(("size", "first", "last", "count", "complete"), int))
    try:
        manifest = parse_canonical(bundle.read("manifest.json", LONGEST_NOTE))
    except ValueError as problem:
        raise Finding("bad_manifest", None, "manifest.json is not written in the one permitted way") from problem
    if {name: type(value) for name, value in manifest.items()} != types or manifest["format"] != form:
        raise Finding("bad_manifest", None, f"manifest.json is not that of a {form}")
    return manifest


# ---- 8. Anchors: checkpoints that were kept elsewhere ---------------------------------------------------------------


def check_anchors(check: LogCheck) -> None:
    """The log must hold each anchor, or have held it when it had that size."""
    for anchor in check.trust.anchors:
        if anchor.origin != ORIGIN + check.log_id:
            raise Finding("foreign_log", anchor.size, "An anchor belongs to another log")
        if check.keys:
            anchor.note.check(check.key_for(anchor.size), (f"The anchor of size {anchor.size}", anchor.size))
        if anchor.size > check.newest.size:
            words = f"The log was cut: it ends at {check.newest.size}, a checkpoint kept elsewhere says {anchor.size}"
            raise Finding("cut", check.newest.size, words)
        if check.roots[anchor.size] != anchor.root:
            words = f"This is another log than that of the checkpoint of size {anchor.size} kept elsewhere"
            raise Finding("fork", anchor.size, words)


# ---- 9. Selection, single proof, consistency ------------------------------------------------------------------------


def check_selection(bundle: Bundle, trust: Trust, report: Report) -> None:
    manifest = read_manifest(bundle, "strongroom-selection/1")
    checkpoint = _signed_checkpoint(bundle.read("checkpoint.note", LONGEST_NOTE), trust)
    report.checkpoints = 1
    if checkpoint.origin != ORIGIN + manifest["log_id"]:
        raise Finding("foreign_log", checkpoint.size, "The checkpoint belongs to another log")
    indexes = list(_proven_records(bundle, manifest, checkpoint))
    report.entries = len(indexes)
    first, last, expected = manifest["first"], manifest["last"], manifest["first"]
    for index in [*indexes, last + 1] if manifest["complete"] else []:
        if index != expected:
            raise Finding(
                "range_incomplete", expected, f"Record {expected} is missing from a range said to be complete"
            )
        expected += 1
    stated = (manifest["count"], manifest["size"])
    if stated != (len(indexes), checkpoint.size) or manifest["complete"] not in (0, 1) or not 0 <= first <= last + 1:
        raise Finding("bad_manifest", None, "manifest.json does not agree with what lies beside it")
    _check_manifest_note(bundle, manifest["log_id"], trust)


def _proven_records(bundle: Bundle, manifest: Record, checkpoint: Checkpoint) -> Iterator[int]:
    """Indexes of the records, each of which is shown to be in the tree."""
    before, events, proofs = manifest["first"] - 1, set(), bundle.lines("proofs.jsonl")
    for untrusted in bundle.lines("entries.jsonl"):
        try:
            proof = parse_canonical(next(proofs, b""))
            index, steps = proof["index"], unbase64(proof["path"])
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise Finding("bad_proof", before + 1, "A record has no proof") from problem
        path = [steps[place : place + 32] for place in range(0, len(steps), 32)]
        if set(proof) != {"index", "path"} or type(index) is not int or not before < index <= manifest["last"]:
            raise Finding("bad_proof", before + 1, "The records are not in order")
        record = parse_record(untrusted, index, manifest["log_id"])
        if root_by_path(index, checkpoint.size, leaf_hash(untrusted), path) != checkpoint.root:
            raise Finding("bad_proof", index, f"Record {index} is not in the log in this form")
        if record["event_id"] in events:
            raise Finding("duplicate_event", index, f"Record {index} repeats the event {record['event_id']}")
        events.add(record["event_id"])
        before = index
        yield index
    if next(proofs, None) is not None:
        raise Finding("bad_proof", before + 1, "There is a proof without a record")


def _check_manifest_note(bundle: Bundle, log_id: str, trust: Trust) -> None:
    names = ("manifest.json", "entries.jsonl", "proofs.jsonl")
    digests = [hashlib.sha256(bundle.read(name, 64 * LONGEST_TEXT)).hexdigest() for name in names]
    try:
        note = parse_note(bundle.read("manifest.note", LONGEST_NOTE))
    except ValueError as problem:
        raise Finding("bad_manifest", None, "manifest.note is not a signed note") from problem
    if note.body.decode() != "\n".join([f"{ORIGIN}{log_id} selection", *digests, ""]):
        raise Finding("bad_manifest", None, "The files are not those that manifest.note was signed for")
    if trust.keys:
        try:
            note.check(_key_of(note, trust), ("manifest.note", 0))
        except Finding as finding:
            raise Finding("bad_manifest", None, finding.message) from finding
    if len(note.signatures) > 1:
        raise Finding("bad_manifest", None, "manifest.note bears a signature too many")


def _key_of(note: Note, trust: Trust) -> Key:
    """Of the keys that were given the one that is named in a note, else the first."""
    named = {signature.key_id for signature in note.signatures}
    return next((key for key in trust.keys if key.key_id in named), trust.keys[0])


def _signed_checkpoint(untrusted: bytes, trust: Trust) -> Checkpoint:
    try:
        checkpoint = parse_checkpoint(untrusted)
    except ValueError as problem:
        raise Finding("bad_signature", None, "This is not a signed checkpoint") from problem
    if trust.keys:
        key = _key_of(checkpoint.note, trust)
        if key.name != checkpoint.origin:
            raise Finding(
                "wrong_key", checkpoint.size, f"{checkpoint.words} is of the log {checkpoint.origin}, the key is not"
            )
        checkpoint.note.check(key, (checkpoint.words, checkpoint.size))
    return checkpoint


def check_proof(untrusted_record: bytes, untrusted_proof: bytes, trust: Trust) -> int:
    """The index of a record that is shown to be in a tree."""
    head, _, note = untrusted_proof.partition(b"\n\n")
    try:
        form, index_line, *steps = head.decode("ascii").split("\n")
        index, path = decimal(index_line[len("index ") :]), [unbase64(step) for step in steps]
        if form != "c2sp.org/tlog-proof@v1" or not index_line.startswith("index "):
            raise ValueError("not a proof")
    except ValueError as problem:
        raise Finding("bad_proof", None, "This is not a proof") from problem
    checkpoint = _signed_checkpoint(note, trust)
    parse_record(untrusted_record, index, checkpoint.origin[len(ORIGIN) :])
    if root_by_path(index, checkpoint.size, leaf_hash(untrusted_record), path) != checkpoint.root:
        raise Finding("bad_proof", index, f"The record is not number {index} of the log")
    _check_doubts([checkpoint], trust)
    return index


def check_consistency(old: Checkpoint, new: Checkpoint, untrusted_proof: bytes) -> None:
    """Does the newer checkpoint's log begin with the older one's?"""
    try:
        form, start, end, *steps = untrusted_proof.decode("ascii").split("\n")
        path = [unbase64(step) for step in steps[:-1]]
        if form != "strongroom-consistency/1" or steps[-1:] != [""]:
            raise ValueError("not a proof")
    except ValueError as problem:
        raise Finding("bad_proof", None, "This is not a proof of consistency") from problem
    if old.origin != new.origin:
        raise Finding("foreign_log", new.size, "The two checkpoints belong to different logs")
    if old.size == new.size and old.root != new.root:
        raise Finding("fork", old.size, f"Two different logs of size {old.size} were signed")
    if (start, end) != (f"from {old.size}", f"to {new.size}"):
        raise Finding("bad_proof", old.size, "The proof is about other sizes")
    begun = old.size == 0 and old.root == EMPTY_ROOT and not path
    if not begun and not is_continued((old.size, old.root), (new.size, new.root), path):
        raise Finding(
            "bad_proof", old.size, f"The log of size {new.size} is not shown to continue that of size {old.size}"
        )


def _check_doubts(checkpoints: Sequence[Checkpoint], trust: Trust) -> None:
    """Each witness must have signed one of the checkpoints."""
    if not trust.keys:
        raise Finding("not_pinned", None, "No --key was given: nobody vouches for this log")
    names = {name for checkpoint in checkpoints for name in check_witnesses(checkpoint, trust.witnesses)}
    newest = checkpoints[-1]
    for witness in trust.witnesses:
        if witness.name not in names:
            raise Finding("cosignature_missing", newest.size, f"{newest.words} is not signed by {witness.name}")


# ---- 10. Counter-signing --------------------------------------------------------------------------------------------


def new_secret(name: str) -> str:
    seed = os.urandom(32)
    key = Key(name, WITNESS_KEY, ed25519_public(seed))
    return f"PRIVATE+KEY+{name}+{key.key_id.hex()}+{base64.b64encode(bytes([WITNESS_KEY]) + seed).decode()}\n"


def parse_secret(text: str) -> tuple[Key, bytes]:
    """The public key and the seed. Raises Usage."""
    try:
        private, word, name, key_id, encoded = text.strip().split("+", 4)
        data = unbase64(encoded)
        key = Key(name, data[0], ed25519_public(data[1:]))
        if (private, word, key.key_id.hex()) != ("PRIVATE", "KEY", key_id) or len(data) != 33 or data[0] != WITNESS_KEY:
            raise ValueError("not a secret key")
    except (ValueError, IndexError) as problem:
        raise Usage("The file of the secret key holds none; make one with keygen") from problem
    return key, data[1:]


def write_whole(path: str, content: bytes) -> None:
    """All of it or nothing, and on the disk."""
    with open(path + ".new", "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.replace(path + ".new", path)


def countersign(check: LogCheck, secret: str, seen: str, out: str) -> None:
    """Signs the newest checkpoint of a log that was found in order, and keeps it."""
    key, seed = parse_secret(secret)
    newest = check.newest
    if check.cosigned.get(key.name) == newest.size:
        raise Usage(f"The newest checkpoint already bears a signature of {key.name}")
    seconds = check.trust.at // SECOND
    signature = ed25519_sign(seed, cosigned(newest.note.body, seconds))
    encoded = base64.b64encode(key.key_id + seconds.to_bytes(8, "big") + signature).decode()
    note = (
        check.bundle.read(f"checkpoints/{newest.size:012d}.note", LONGEST_NOTE)
        + f"\u2014 {key.name} {encoded}\n".encode()
    )
    for path in (out, seen):
        write_whole(path, note)


# ---- 11. The command line -------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="strongroom_verify.py", description="Checks an audit log of Strongroom.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    places = {
        "log": ["folder"],
        "selection": ["folder"],
        "proof": ["record", "proof"],
        "consistency": ["old", "new", "proof"],
        "countersign": ["folder"],
    }
    for name, positions in places.items():
        command = commands.add_parser(name)
        for position in positions:
            command.add_argument(position)
        command.add_argument("--key", action="append", default=[], help="the log's public key, a line or a file")
        command.add_argument("--witness", action="append", default=[], help="a witness's public key, a line or a file")
        command.add_argument("--anchor", action="append", default=[], help="a checkpoint that was kept elsewhere")
        command.add_argument("--at", type=int, default=time.time_ns() // 1000, help="microseconds since 1970")
        for option in ("--secret", "--seen", "--out") if name == "countersign" else ():
            command.add_argument(option, required=True)
    keygen = commands.add_parser("keygen")
    keygen.add_argument("--name", required=True)
    keygen.add_argument("--secret", required=True)
    commands.add_parser("fingerprint").add_argument("key")
    return parser


def _key(text: str) -> Key:
    """From a line or from a file that holds one."""
    try:
        return parse_key(text if "+" in text and not os.path.exists(text) else read_file(text).decode("utf-8"))
    except (ValueError, Finding) as problem:
        raise Usage(f"{text[:200]} is no public key") from problem


def _anchor(path: str) -> Checkpoint:
    try:
        return parse_checkpoint(read_file(path))
    except ValueError as problem:
        raise Finding("not_readable", None, f"{path} is not a checkpoint") from problem


def _trust(wanted: argparse.Namespace) -> Trust:
    keys, witnesses = tuple(map(_key, wanted.key)), tuple(map(_key, wanted.witness))
    if any(key.kind != LOG_KEY for key in keys) or any(key.kind != WITNESS_KEY for key in witnesses):
        raise Usage("--key takes a key of the log, --witness the key of a witness")
    return Trust(keys, witnesses, tuple(map(_anchor, wanted.anchor)), wanted.at)


def _check_log(wanted: argparse.Namespace, report: Report) -> None:
    trust, signing = _trust(wanted), wanted.command == "countersign"
    if signing and os.path.exists(wanted.seen):
        trust = replace(trust, anchors=(*trust.anchors, _anchor(wanted.seen)))
    secret = read_file(wanted.secret).decode("utf-8", "replace") if signing else ""
    if signing:
        trust = replace(trust, own=(parse_secret(secret)[0],))
    check = LogCheck(Bundle(wanted.folder), trust)
    check.report = report
    check.run()
    report.message = f"All {report.entries} records stand as they were signed, up to the newest checkpoint"
    if check.keys:
        report.message += f". The key in force: {check.keys[-1][1].fingerprint}"
    for name, size in sorted(check.cosigned.items()):
        report.message += f". Counter-signed by {name} up to {size}"
    if signing:
        countersign(check, secret, wanted.seen, wanted.out)
        report.message += f". Signed; kept in {wanted.seen}"


def _check_selection(wanted: argparse.Namespace, report: Report) -> None:
    trust, bundle = _trust(wanted), Bundle(wanted.folder)
    check_selection(bundle, trust, report)
    _check_doubts([parse_checkpoint(bundle.read("checkpoint.note", LONGEST_NOTE))], trust)
    report.message = f"All {report.entries} records stand in the log as they stand here"


def _check_proof(wanted: argparse.Namespace, report: Report) -> None:
    proof = read_file(wanted.proof)
    index = check_proof(read_file(wanted.record, LONGEST_RECORD + 1), proof, _trust(wanted))
    report.entries, report.checkpoints = 1, 1
    report.message = f"The record is number {index} of the log"


def _check_consistency(wanted: argparse.Namespace, report: Report) -> None:
    trust = _trust(wanted)
    old, new = (_signed_checkpoint(read_file(path), trust) for path in (wanted.old, wanted.new))
    check_consistency(old, new, read_file(wanted.proof))
    _check_doubts([old, new], trust)
    report.checkpoints = 2
    report.message = f"The log of size {new.size} continues that of size {old.size}"


def _keygen(wanted: argparse.Namespace, report: Report) -> None:
    if not re.fullmatch(r"[A-Za-z0-9._/@-]{1,100}", wanted.name) or wanted.name.startswith(ORIGIN):
        raise Usage("A name consists of letters, digits and . _ / @ -, and is not that of a log")
    text = new_secret(wanted.name)
    with os.fdopen(os.open(wanted.secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
        target.write(text)
    report.message = parse_secret(text)[0].line


def _fingerprint(wanted: argparse.Namespace, report: Report) -> None:
    report.message = _key(wanted.key).fingerprint


COMMANDS = {
    "log": _check_log,
    "countersign": _check_log,
    "selection": _check_selection,
    "proof": _check_proof,
    "consistency": _check_consistency,
    "keygen": _keygen,
    "fingerprint": _fingerprint,
}


def run(arguments: Sequence[str]) -> Report:
    """Never raises: whatever the input does to this program, it is not `ok`."""
    report = Report()
    try:
        wanted = _parser().parse_args(arguments)
        COMMANDS[wanted.command](wanted, report)
    except Finding as finding:
        report.verdict, report.kind, report.index = finding.verdict, finding.kind, finding.index
        report.message = finding.message
    except Usage as problem:
        report.verdict, report.message = "usage", str(problem)
    except OSError as problem:
        report.verdict, report.message = "usage", f"A file cannot be written: {problem.strerror}"
    except Exception as problem:  # noqa: BLE001  the boundary to forged input
        report.verdict, report.kind = "incomplete", "not_readable"
        report.message = f"The check broke off: {type(problem).__name__}"
    return report


def main(arguments: Sequence[str]) -> int:
    report = run(arguments)
    encoding = sys.stdout.encoding or "utf-8"
    # Names from forged files must neither steer the terminal nor be more than it can show.
    words = "".join(sign if sign.isprintable() else "?" for sign in f"{report.verdict}: {report.message}")
    words = words.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(f"{words}\n{json.dumps(asdict(report))}\n")
    return EXIT[report.verdict]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
