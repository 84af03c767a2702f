"""Contracts and letters: values deep inside prose."""

from __future__ import annotations

from models_store.starter.factory.desk import Writer
from models_store.starter.factory.legal.contracts import write_contract

WRITERS: dict[str, Writer] = {"contract": write_contract}
