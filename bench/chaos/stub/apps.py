"""Puts the stand-ins where the product looks for the real ones, in processes whose settings name this app."""

from __future__ import annotations

from django.apps import AppConfig


class StubConfig(AppConfig):
    name = "bench.chaos.stub"
    label = "chaos_stub"

    def ready(self) -> None:
        from appliance.documents import tasks
        from bench.chaos.stub.extracting import extract_one
        from extraction.read import boundary

        setattr(tasks, "extract_one", extract_one)  # noqa: B010  a type checker may not assign to a function
        setattr(boundary, "CHILD_MODULE", "bench.chaos.stub.child")  # noqa: B010  a constant elsewhere
