"""What can be wrong with what is encrypted."""

from __future__ import annotations


class SealingError(Exception):
    """Something cannot be encrypted or decrypted."""


class KeysetMissing(SealingError):
    """The keys of the box are not where they should be, or cannot be read."""


class KeyDestroyed(SealingError):
    """There is no data key for this document: it was deleted, or never was here."""


class SealBroken(SealingError):
    """The encrypted bytes were changed, or belong to another document or column."""
