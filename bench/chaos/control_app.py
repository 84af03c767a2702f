"""What the control's worker loads."""

from __future__ import annotations

import os

from bench.chaos.control import BROKER, DATABASE, make_app

app = make_app(os.environ[BROKER], os.environ[DATABASE])
