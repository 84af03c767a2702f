"""What a data key does. Its bytes are cut into three: for columns, for files, for the names of files.

`about` is what the encrypted bytes are bound to (associated data): in another place they do not decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
from typing import Protocol

import tink
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tink import proto_keyset_format, secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from appliance.sealing.errors import SealBroken

PART = 32
KEY_BYTES = 3 * PART
_NONCE = 12
_SEGMENT = 1024 * 1024
_STREAMING = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
streaming_aead.register()


class Cipher(Protocol):
    def seal(self, plain: bytes, about: bytes) -> bytes: ...

    def unseal(self, sealed: bytes, about: bytes) -> bytes:
        """Raises SealBroken."""
        ...

    def seal_file(self, content: bytes, about: bytes) -> bytes: ...

    def unseal_file(self, sealed: bytes, about: bytes) -> bytes:
        """Raises SealBroken."""
        ...

    def file_name(self, sha256: str) -> str:
        """64 hex digits that say nothing to who does not hold the key."""
        ...


class DocumentCipher:
    """AES-256-GCM for columns, tink's streaming AEAD (segments of 1 MB) for files, HMAC-SHA-256 for names."""

    def __init__(self, key: bytes) -> None:
        """`key`: KEY_BYTES random bytes."""
        self._columns = AESGCM(key[:PART])
        self._files_key, self._names_key = key[PART : 2 * PART], key[2 * PART :]
        self._files: streaming_aead.StreamingAead | None = None

    def seal(self, plain: bytes, about: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._columns.encrypt(nonce, plain, about)

    def unseal(self, sealed: bytes, about: bytes) -> bytes:
        try:
            return self._columns.decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(about.decode(errors="replace")) from error

    def seal_file(self, content: bytes, about: bytes) -> bytes:
        sealed = _StaysOpen()
        with self._streaming().new_encrypting_stream(sealed, about) as stream:
            stream.write(content)
        return sealed.getvalue()

    def unseal_file(self, sealed: bytes, about: bytes) -> bytes:
        try:
            with self._streaming().new_decrypting_stream(io.BytesIO(sealed), about) as stream:
                return stream.read()
        except tink.TinkError as error:
            raise SealBroken(about.decode(errors="replace")) from error

    def file_name(self, sha256: str) -> str:
        return hmac.digest(self._names_key, sha256.encode(), hashlib.sha256).hex()

    def _streaming(self) -> streaming_aead.StreamingAead:
        if self._files is None:  # columns are asked for more often than files, and this takes 30 us
            keyset = _streaming_keyset(self._files_key)
            handle = proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
            self._files = handle.primitive(streaming_aead.StreamingAead)
        return self._files


class _StaysOpen(io.BytesIO):
    """tink closes what it has written to; the bytes are wanted after that."""

    def close(self) -> None:
        self.flush()


def _streaming_keyset(key: bytes) -> bytes:
    """tink's form of one key for AES256_GCM_HKDF_1MB."""
    params = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=_SEGMENT, derived_key_size=PART, hkdf_hash_type=common_pb2.SHA256
    )
    value = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(key_value=key, params=params).SerializeToString()
    data = tink_pb2.KeyData(type_url=_STREAMING, value=value, key_material_type=tink_pb2.KeyData.SYMMETRIC)
    single = tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.OutputPrefixType.RAW
    )
    serialized: bytes = tink_pb2.Keyset(primary_key_id=1, key=[single]).SerializeToString()
    return serialized
