"""Fixtures for everything that runs in the box."""

from __future__ import annotations

from tests.appliance.cast import adam, carl, clara, client_for, olga

__all__ = ["adam", "carl", "clara", "client_for", "olga"]
