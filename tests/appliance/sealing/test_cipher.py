"""What a data key does, and that nothing else does it."""

from __future__ import annotations

import os

import pytest

from appliance.sealing.cipher import KEY_BYTES, DocumentCipher
from appliance.sealing.errors import SealBroken

KEY = bytes(range(KEY_BYTES))
PLAIN = b"ACME Coffee, total 12.50"


@pytest.fixture
def cipher() -> DocumentCipher:
    return DocumentCipher(KEY)


@pytest.mark.parametrize("kind", ["", "_file"])
@pytest.mark.parametrize("plain", [b"", b"x", PLAIN, os.urandom(2 * 1024 * 1024)], ids=["empty", "one", "text", "long"])
def test_what_was_sealed_comes_back(cipher: DocumentCipher, kind: str, plain: bytes) -> None:
    sealed = getattr(cipher, f"seal{kind}")(plain, b"here")

    assert getattr(cipher, f"unseal{kind}")(sealed, b"here") == plain
    assert not plain[2:] or plain not in sealed


@pytest.mark.parametrize("kind", ["", "_file"])
def test_the_same_text_never_looks_the_same(cipher: DocumentCipher, kind: str) -> None:
    assert len({getattr(cipher, f"seal{kind}")(PLAIN, b"here") for _ in range(100)}) == 100


@pytest.mark.parametrize("kind", ["", "_file"])
@pytest.mark.parametrize("about", [b"", b"there", b"here "])
def test_bound_to_its_place(cipher: DocumentCipher, kind: str, about: bytes) -> None:
    with pytest.raises(SealBroken):
        getattr(cipher, f"unseal{kind}")(getattr(cipher, f"seal{kind}")(PLAIN, b"here"), about)


@pytest.mark.parametrize("kind", ["", "_file"])
def test_every_changed_byte_and_every_cut_is_seen(cipher: DocumentCipher, kind: str) -> None:
    sealed = getattr(cipher, f"seal{kind}")(PLAIN, b"here")
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for other in (*changed, *(sealed[:length] for length in range(len(sealed))), sealed + b"x"):
        with pytest.raises(SealBroken):
            getattr(cipher, f"unseal{kind}")(other, b"here")


@pytest.mark.parametrize("part", [0, 1], ids=["columns", "files"])
def test_another_key_does_not_open_it(cipher: DocumentCipher, part: int) -> None:
    other = DocumentCipher(KEY[: part * 32] + bytes(32) + KEY[part * 32 + 32 :])
    opened = (
        lambda: other.unseal(cipher.seal(PLAIN, b"x"), b"x"),
        lambda: other.unseal_file(cipher.seal_file(PLAIN, b"x"), b"x"),
    )

    with pytest.raises(SealBroken):
        opened[part]()


def test_names_tell_nothing_but_to_the_key(cipher: DocumentCipher) -> None:
    sha256 = "ab" * 32
    name = cipher.file_name(sha256)

    assert name == DocumentCipher(KEY).file_name(sha256)
    assert name not in {sha256, DocumentCipher(bytes(KEY_BYTES)).file_name(sha256), cipher.file_name("cd" * 32)}
