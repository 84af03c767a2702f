"""The verifier's own Ed25519: the vectors of RFC 8032, and agreement with another implementation."""

from __future__ import annotations

import random
import time

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from appliance.audit.verifier.strongroom_verify import (
    L,
    P,
    ed25519_public,
    ed25519_sign,
    ed25519_verify,
    ed25519_verify_all,
)

# RFC 8032 7.1, tests 1 to 3 and SHA(abc): secret, public, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_the_vectors_of_the_standard(number: int) -> None:
    secret, public, message, signature = (bytes.fromhex(part) for part in VECTORS[number])
    assert ed25519_public(secret) == public
    assert ed25519_sign(secret, message) == signature
    assert ed25519_verify(public, message, signature)


def test_signatures_go_both_ways_between_two_implementations() -> None:
    drawn = random.Random(8032)
    for _ in range(10):
        seed, message = drawn.randbytes(32), drawn.randbytes(drawn.randrange(200))
        other = Ed25519PrivateKey.from_private_bytes(seed)
        assert ed25519_sign(seed, message) == other.sign(message)
        assert ed25519_verify(other.public_key().public_bytes_raw(), message, other.sign(message))


def test_a_changed_bit_anywhere_is_refused_by_both() -> None:
    _, public, message, signature = (bytes.fromhex(part) for part in VECTORS[2])
    other = Ed25519PublicKey.from_public_bytes(public)
    for bit in range(0, 512, 7):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidSignature):
            other.verify(bytes(changed), message)
        assert not ed25519_verify(public, message, bytes(changed))
    assert not ed25519_verify(public, message + b"x", signature)


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    """S + L makes the same equation true; who accepts it accepts changed bytes."""
    _, public, message, signature = (bytes.fromhex(part) for part in VECTORS[1])
    raised = int.from_bytes(signature[32:], "little") + L
    assert not ed25519_verify(public, message, signature[:32] + raised.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "public",
    [b"", b"\x00" * 31, (2).to_bytes(32, "little"), P.to_bytes(32, "little"), ((1 << 255) + 1).to_bytes(32, "little")],
    ids=["empty", "short", "no point", "a second spelling", "minus zero"],
)
def test_what_is_no_key_verifies_nothing(public: bytes) -> None:
    assert not ed25519_verify(public, b"", b"\x00" * 64)


@pytest.mark.parametrize("length", [0, 32, 63, 65])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    _, public, message, signature = (bytes.fromhex(part) for part in VECTORS[0])
    assert not ed25519_verify(public, message, (signature + b"\x00")[:length])


def test_a_verification_takes_less_than_six_milliseconds() -> None:
    """Of processor time, the best of five runs: what else the machine does must not count."""
    _, public, message, signature = (bytes.fromhex(part) for part in VECTORS[3])
    runs = []
    for _ in range(5):
        start = time.process_time()
        for _ in range(10):
            assert ed25519_verify(public, message, signature)
        runs.append((time.process_time() - start) / 10)
    assert min(runs) < 0.006


def _many(count: int) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    messages = [b"message %d" % number for number in range(count)]
    return private.public_key().public_bytes_raw(), [(message, private.sign(message)) for message in messages]


@pytest.mark.parametrize("count", [0, 1, 2, 64, 100])
def test_many_signatures_are_good_together(count: int) -> None:
    public, signed = _many(count)
    assert ed25519_verify_all(public, signed)


@pytest.mark.parametrize("place", [0, 7, 19])
def test_one_bad_signature_among_many_is_seen(place: int) -> None:
    public, signed = _many(20)
    message, signature = signed[place]
    raised = int.from_bytes(signature[32:], "little") + L
    for bad in (
        (message + b"x", signature),
        (message, signature[:-1] + bytes([signature[-1] ^ 1])),
        (message, bytes([signature[0] ^ 1]) + signature[1:]),
        (message, signature[:32] + raised.to_bytes(32, "little")),
        (message, signature + b"x"),
        (message, b""),
        (signed[place - 1][0], signature),
    ):
        assert not ed25519_verify_all(public, [*signed[:place], bad, *signed[place + 1 :]])
    assert not ed25519_verify_all(_many(1)[0][::-1], signed)


def test_two_signatures_that_were_exchanged_do_not_make_up_for_each_other() -> None:
    public, signed = _many(20)
    exchanged = [(signed[0][0], signed[1][1]), (signed[1][0], signed[0][1]), *signed[2:]]
    assert not ed25519_verify_all(public, exchanged)
