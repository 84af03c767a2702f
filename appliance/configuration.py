"""Every setting of the box, typed, in one place. docs/configuration.md describes the same names; a test compares both.

A setting comes from the environment. A secret may instead come from a file: `NAME_FILE` holds the path, as with
container secrets. A value that does not fit its type stops the start with the name of the setting.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent

SECRETS_FROM_FILES = ("STRONGROOM_SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL")


class Configuration(BaseSettings):
    """Read once, when Django loads its settings. Sizes are bytes, times are seconds, unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="STRONGROOM_", frozen=True, extra="ignore")

    # Where things are
    data_dir: Path = REPOSITORY / "var"
    models_store_root: Path = REPOSITORY / "models_store" / "artifacts"
    model_media_dir: Path | None = None
    memory_dir: Path | None = None
    keys_dir: Path | None = None
    signing_keys_dir: Path | None = None
    anchor_dir: Path | None = None
    database_role: str = ""
    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    celery_broker_url: SecretStr | None = Field(default=None, validation_alias="CELERY_BROKER_URL")

    # Web
    secret_key: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    https: bool = False
    web_threads: int = Field(default=8, ge=1)
    time_zone: str = "UTC"
    debug: bool = False

    # Limits of one upload
    max_upload_bytes: int = Field(default=100 * 1024 * 1024, ge=1)
    max_pages: int = Field(default=500, ge=1)
    max_page_pixels: int = Field(default=50_000_000, ge=1)
    reading_timeout_seconds: int = Field(default=60, ge=1)

    # Limits of all uploads
    disk_reserve_bytes: int | None = Field(default=None, ge=0)
    uploads_per_day: int = Field(default=20_000, ge=0)
    upload_bytes_per_day: int = Field(default=50 * 1024**3, ge=0)
    queue_limit: int = Field(default=20_000, ge=0)

    # Work
    extract_threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    context_tokens: int = Field(default=4096, ge=256)
    models_in_memory: int = Field(default=2, ge=1)
    job_lease_seconds: int = Field(default=30, ge=10)
    job_max_attempts: int = Field(default=3, ge=1)
    task_time_limit_seconds: int = Field(default=1800, ge=60)
    worker_memory_bytes: int = Field(default_factory=lambda: _physical_memory() * 2 // 5, ge=0)

    # Training
    training_threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    training_memory_bytes: int = Field(default_factory=lambda: _physical_memory() * 3 // 5, ge=0)
    converter_dir: Path | None = None

    # Keeping and deleting
    approval_days: int = Field(default=7, ge=1)
    dormant_days: int = Field(default=90, ge=1)

    # First start
    demo: bool = True


def _physical_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def load_configuration(environ: MutableMapping[str, str] | None = None) -> Configuration:
    """Reads the environment, secrets from their files first.

    Raises pydantic.ValidationError for a value of the wrong type and OSError for a secret file that cannot be read.
    """
    environ = os.environ if environ is None else environ
    for name in SECRETS_FROM_FILES:
        path = environ.get(f"{name}_FILE")
        if path:
            environ[name] = Path(path).read_text(encoding="utf-8").strip()
    return Configuration()


def environment_names() -> dict[str, str]:
    """Setting name as the environment spells it -> name of the field that holds it."""
    names: dict[str, str] = {}
    for field_name, info in Configuration.model_fields.items():
        alias = info.validation_alias
        names[str(alias) if alias else f"STRONGROOM_{field_name.upper()}"] = field_name
    return names
