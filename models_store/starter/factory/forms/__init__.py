"""Forms: blanks, tick boxes, registers, broadcast orders."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer

WRITERS: dict[str, Writer] = {}
