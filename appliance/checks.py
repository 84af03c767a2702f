"""System checks with stable ids: a box set up wrongly refuses to start and says what to change."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from appliance.sealing.memory_folder import is_in_memory
from models_store import store


@register()
def check_data_directory(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    folder: Path = settings.DATA_DIR
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    hint = "Make it writable for this account, or set STRONGROOM_DATA_DIR to a folder that is."
    return [Error(f"The data directory {folder} cannot be written.", hint=hint, id="strongroom.E001")]


@register()
def check_secret_key(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        long_enough = len(settings.SECRET_KEY) >= 32
    except ImproperlyConfigured:  # Django's answer to an empty key
        long_enough = False
    if long_enough:
        return []
    hint = "Set STRONGROOM_SECRET_KEY_FILE to a file of 32 or more random characters."
    return [Error("No secret key, or one that is too short.", hint=hint, id="strongroom.E002")]


@register()
def check_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    hint = "Set STRONGROOM_ALLOWED_HOSTS to the names the browsers use."
    return [Error("Every host name is accepted.", hint=hint, id="strongroom.E003")]


@register()
def check_times(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.CONFIGURATION.task_time_limit_seconds > settings.READING_TIMEOUT_SECONDS:
        return []
    hint = "Raise STRONGROOM_TASK_TIME_LIMIT_SECONDS or lower STRONGROOM_READING_TIMEOUT_SECONDS."
    message = "A document may be read for longer than a job is held, so it would be read twice."
    return [Error(message, hint=hint, id="strongroom.E004")]


@register()
def check_model_store(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The model in force has its card and its weights; their digest is read again when they are put in force."""
    try:
        card = store.current(root=settings.MODELS_STORE_ROOT)
        if card is not None:
            store.model_path(card.digest, root=settings.MODELS_STORE_ROOT)
    except store.StoreError as error:
        hint = (
            "Restore STRONGROOM_MODELS_STORE_ROOT from a backup, or remove its current.json to begin with the starter."
        )
        return [Error(str(error), hint=hint, id="strongroom.E005")]
    return []


@register()
def check_plain_http(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    local = settings.CONFIGURATION.host in {"127.0.0.1", "::1", "localhost"}
    if local or settings.CONFIGURATION.https:
        return []
    hint = "Put a TLS proxy in front and set STRONGROOM_HTTPS=1."
    return [Warning("Pages are offered to other machines without TLS.", hint=hint, id="strongroom.W001")]


@register()
def check_memory_folder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if is_in_memory(settings.MEMORY_DIR):
        return []
    hint = "Set STRONGROOM_MEMORY_DIR to a folder on a tmpfs, such as /dev/shm."
    message = f"{settings.MEMORY_DIR} is on a disk: texts stand there in clear while programs work on them."
    return [Warning(message, hint=hint, id="strongroom.W003")]


@register()
def check_account(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if os.geteuid() != 0:
        return []
    hint = "Fine for a trial. For real documents run it from an account of its own."
    return [Warning("The box runs as root.", hint=hint, id="strongroom.W002")]
