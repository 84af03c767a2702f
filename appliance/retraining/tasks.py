"""Where a worker finds the tasks of this app; they stand with the packages that they belong to."""

from __future__ import annotations

from appliance.retraining.serving.tasks import try_out

__all__ = ["try_out"]
