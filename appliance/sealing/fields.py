"""Columns that are encrypted on disk. Python sees the plain value; SQL sees bytes, so it can neither compare nor sort.

Every value is bound to its table, its column and its document: moved elsewhere it does not decrypt. The document's
data key is read in the same query (`select_format`), so a list costs no query more. Empty text stays empty.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

from appliance.sealing import keys
from appliance.sealing.errors import KeyDestroyed, SealBroken

_KEY = "SELECT uuid_send(k.document_id) || int2send(length(k.wrapped)::int2) || k.wrapped FROM sealing_datakey k"
_COLUMN = re.compile(r'("[^"]+"|\w+)\."[^"]+"')
_MARK, _ID, _LENGTH = b"key:", 16, 2
_NO_KEY = bytes(_ID + _LENGTH)
_WORTH_PACKING = 400
_LOOKUPS = ("isnull", "exact")


class Sealed(bytes):
    """Encrypted bytes on their way to the database."""


if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class _EncryptedField(_Field):
    """`of`: the way from a row to the id of its document, in attributes; "" for what belongs to the box."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def to_value(self, plain: bytes) -> Any:
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value = getattr(model_instance, self.attname)
        if value is None:
            return None
        plain = self.to_bytes(value)
        if not plain:
            return Sealed()
        document_id = self._document_of(model_instance)
        is_first = add and (document_id == keys.BOX or self.of == "id")
        cipher = keys.cipher_of_new(document_id) if is_first else keys.cipher_of(document_id)
        return Sealed(cipher.seal(plain, self._about(document_id)))

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, Sealed) and value not in ("", b""):
            raise FieldError(f"{self} is encrypted: set it on an object and save that")
        return bytes(value or b"")

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name not in _LOOKUPS:
            raise FieldError(f"{self} is encrypted: SQL cannot look into it")
        return super().get_lookup(lookup_name)

    def select_format(self, compiler: SQLCompiler, sql: str, params: Any) -> tuple[str, Any]:
        """The value with the id and the key of its document in front. A subquery has that in front already."""
        column = _COLUMN.fullmatch(sql)
        if column is None:
            return sql, params
        key = f"{_KEY} WHERE k.document_id = {self._document_sql(column[1])}"  # names of our own models, nothing else
        return f"'{_hex(_MARK)}'::bytea || COALESCE(({key}), '{_hex(_NO_KEY)}'::bytea) || {sql}", params

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        if value is None:
            return None
        document_id, wrapped, sealed = _taken_apart(bytes(value))
        if not sealed:
            return self.to_value(b"")
        if not wrapped:
            raise KeyDestroyed(str(self))
        return self.to_value(keys.cipher_from(document_id, wrapped).unseal(sealed, self._about(document_id)))

    def _about(self, document_id: UUID) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}:{document_id}".encode()

    def _document_of(self, row: Any) -> UUID:
        for name in filter(None, self.of.split(".")):
            row = getattr(row, name)
        return row if isinstance(row, UUID) else keys.BOX

    def _document_sql(self, row: str) -> str:
        if not self.of:
            return f"'{keys.BOX}'::uuid"
        *way, last = self.of.split(".")
        found = f'{row}."{last}"'
        if way:
            link: Any = self.model._meta.get_field(way[0])
            owner = link.related_model._meta.db_table
            found = f'(SELECT o."{last}" FROM "{owner}" o WHERE o."id" = {row}."{link.column}")'  # noqa: S608  our names
        return f"COALESCE({found}, '{keys.BOX}'::uuid)"


def _taken_apart(row: bytes) -> tuple[UUID, bytes, bytes]:
    """What `select_format` has put together: document, its encrypted key, the encrypted value."""
    mark, row = row[: len(_MARK)], row[len(_MARK) :]
    if mark != _MARK:
        raise SealBroken("an encrypted column was read without its key: select it by its field")
    end = _ID + _LENGTH + int.from_bytes(row[_ID : _ID + _LENGTH])
    return UUID(bytes=row[:_ID]), row[_ID + _LENGTH : end], row[end:]


def _hex(content: bytes) -> str:
    return rf"\x{content.hex()}"


class EncryptedTextField(_EncryptedField):
    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def to_value(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedBinaryField(_EncryptedField):
    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def to_value(self, plain: bytes) -> bytes:
        return plain


class EncryptedJSONField(_EncryptedField):
    """Packed before it is encrypted, where that saves room: encrypted bytes cannot be packed any more."""

    empty_strings_allowed = False

    def to_bytes(self, value: Any) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return b"z" + zlib.compress(text, 1) if len(text) > _WORTH_PACKING else b" " + text

    def to_value(self, plain: bytes) -> Any:
        return json.loads(zlib.decompress(plain[1:]) if plain[:1] == b"z" else plain)
