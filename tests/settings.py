"""The product's settings on a data directory of their own, so that no test can touch the data of `make run`."""

from __future__ import annotations

import os

from tests.killed_runs import make_data_directory

if "STRONGROOM_TEST_DATA_DIR" not in os.environ:
    # Parallel test processes inherit the name and so share one server.
    os.environ["STRONGROOM_TEST_DATA_DIR"] = make_data_directory()
os.environ["STRONGROOM_DATA_DIR"] = os.environ["STRONGROOM_TEST_DATA_DIR"]

from appliance.audit.key_files import make_keys
from appliance.operations.postgres import EmbeddedPostgres
from appliance.sealing import keyset
from appliance.settings import *
from appliance.settings import DATA_DIR, DATABASE_URL
from appliance.settings import DATABASES as _PRODUCT_DATABASES

EMBEDDED_POSTGRES = EmbeddedPostgres(DATA_DIR, durable=False) if "DATABASE_URL" not in os.environ else None
TEST_DATABASE_URL = DATABASE_URL
MODELS_STORE_ROOT = DATA_DIR / "models"
# Passwords are hashed in hundreds of tests; the real hasher is checked by a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DISK_RESERVE_BYTES = 0  # how full the disk of a developer's machine is says nothing about the box
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {"default": {**_PRODUCT_DATABASES["default"], "ENGINE": "tests.database_backend"}}
# WhiteNoise warns about a missing folder of collected files, and tests collect none.
(DATA_DIR / "static").mkdir(parents=True, exist_ok=True)
# No sequencer runs beside the tests: who must wait for it does its work, and most tests are one transaction.
AUDIT_WAIT, AUDIT_REFUSALS = "inline", "same connection"
make_keys(DATA_DIR / "keys", DATA_DIR / "keys" / "signing", log_id="log-of-the-tests")
keyset.make(DATA_DIR / "keys" / keyset.NAME)
