"""The product's settings for a box without a sequencer: who must wait for it does its work."""

from __future__ import annotations

from appliance.settings import *

AUDIT_WAIT = "inline"
ALLOWED_HOSTS = ["testserver"]
