"""The product's settings with a stub for the language model's time; only processes of the bench use them."""

from __future__ import annotations

from appliance.settings import *
from appliance.settings import INSTALLED_APPS as _PRODUCT_APPS

INSTALLED_APPS = [*_PRODUCT_APPS, "bench.chaos.stub"]
