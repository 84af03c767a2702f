"""The control: a cipher that leaves everything as it is, so that the search shows what it would find."""

from __future__ import annotations

from appliance.sealing.cipher import DocumentCipher
from appliance.sealing.errors import SealBroken


class Unsealed(DocumentCipher):
    """Still reads what was encrypted before on the same box."""

    def seal(self, plain: bytes, about: bytes) -> bytes:
        return plain

    def unseal(self, sealed: bytes, about: bytes) -> bytes:
        try:
            return super().unseal(sealed, about)
        except SealBroken:
            return sealed

    def seal_file(self, content: bytes, about: bytes) -> bytes:
        return content

    def unseal_file(self, sealed: bytes, about: bytes) -> bytes:
        try:
            return super().unseal_file(sealed, about)
        except SealBroken:
            return sealed
