"""The box: the web pages, workers, people and records around the two libraries."""

from __future__ import annotations
