"""Django's settings, all derived from `configuration.Configuration`; nothing here reads the environment directly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from appliance.configuration import REPOSITORY, load_configuration
from appliance.operations.postgres import EmbeddedPostgres
from appliance.operations.secret_key import load_or_create_secret_key
from appliance.sealing.memory_folder import memory_folder

# Libraries of models read these once, at import; none of them may ever try to reach a hub.
for _switch in (
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
    "HF_DATASETS_OFFLINE",
    "HF_HUB_DISABLE_TELEMETRY",
    "DO_NOT_TRACK",
):
    os.environ[_switch] = "1"

CONFIGURATION = load_configuration()

# --- Places -----------------------------------------------------------------------------------------------------------
BASE_DIR = REPOSITORY
DATA_DIR: Path = CONFIGURATION.data_dir.expanduser().resolve()
BLOB_DIR = DATA_DIR / "blobs"
RUN_DIR = DATA_DIR / "run"
MEMORY_DIR: Path = memory_folder(CONFIGURATION.memory_dir, DATA_DIR)
MODELS_STORE_ROOT: Path = CONFIGURATION.models_store_root.expanduser().resolve()
MODEL_MEDIA_DIR: Path = (CONFIGURATION.model_media_dir or DATA_DIR / "media").expanduser().resolve()

# --- The log ----------------------------------------------------------------------------------------------------------
KEYS_DIR: Path = (CONFIGURATION.keys_dir or DATA_DIR / "keys").expanduser().resolve()
SIGNING_KEYS_DIR: Path = (CONFIGURATION.signing_keys_dir or KEYS_DIR / "signing").expanduser().resolve()
ANCHOR_DIR: Path = (CONFIGURATION.anchor_dir or DATA_DIR / "anchors").expanduser().resolve()
SEALING_CIPHER = "appliance.sealing.cipher.DocumentCipher"
AUDIT_WAIT = "sequencer"  # who puts a sensitive act into the tree: the process of that name; "inline" in tests
AUDIT_REFUSALS = "own connection"  # "same connection" in tests that are themselves one transaction

# --- Limits and work --------------------------------------------------------------------------------------------------
MAX_UPLOAD_BYTES = CONFIGURATION.max_upload_bytes
MAX_PAGES = CONFIGURATION.max_pages
MAX_PAGE_PIXELS = CONFIGURATION.max_page_pixels
READING_TIMEOUT_SECONDS = CONFIGURATION.reading_timeout_seconds
DISK_RESERVE_BYTES = CONFIGURATION.disk_reserve_bytes
UPLOADS_PER_DAY = CONFIGURATION.uploads_per_day
UPLOAD_BYTES_PER_DAY = CONFIGURATION.upload_bytes_per_day
QUEUE_LIMIT = CONFIGURATION.queue_limit
EXTRACT_THREADS = CONFIGURATION.extract_threads
CONTEXT_TOKENS = CONFIGURATION.context_tokens
MODELS_IN_MEMORY = CONFIGURATION.models_in_memory
TRAINING_THREADS = CONFIGURATION.training_threads
TRAINING_MEMORY_BYTES = CONFIGURATION.training_memory_bytes
TRAINING_NICENESS = 19  # the lowest priority: documents and pages go first
TRAINING_TICK_SECONDS = 2.0  # how often the curve of a run is read and looked at whether it shall stop
CONVERTER_DIR: Path = (CONFIGURATION.converter_dir or DATA_DIR / "converter").expanduser().resolve()
JOB_LEASE_SECONDS = CONFIGURATION.job_lease_seconds
JOB_MAX_ATTEMPTS = CONFIGURATION.job_max_attempts
WORKER_MEMORY_BYTES = CONFIGURATION.worker_memory_bytes
APPROVAL_DAYS = CONFIGURATION.approval_days
DORMANT_DAYS = CONFIGURATION.dormant_days

# --- Django -----------------------------------------------------------------------------------------------------------
DEBUG = CONFIGURATION.debug
SECRET_KEY = load_or_create_secret_key(CONFIGURATION.secret_key, DATA_DIR / "secret_key")
ALLOWED_HOSTS = [host.strip() for host in CONFIGURATION.allowed_hosts.split(",") if host.strip()]
ROOT_URLCONF = "appliance.urls"
WSGI_APPLICATION = "appliance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_htmx",
    "appliance.accounts",
    "appliance.sealing",
    "appliance.document_types",
    "appliance.documents",
    "appliance.review",
    "appliance.compliance",
    "appliance.audit",
    "appliance.audit.dossier",
    "appliance.retraining",
    "appliance.operations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "appliance.file_answers.SealFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "appliance.audit.answering.AnswerWhenRecordedMiddleware",
    "appliance.audit.context.AuditContextMiddleware",
    "appliance.accounts.session_limits.SessionLimitsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "appliance" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------
EMBEDDED_POSTGRES: EmbeddedPostgres | None = None if CONFIGURATION.database_url else EmbeddedPostgres(DATA_DIR)
DATABASE_URL = (
    CONFIGURATION.database_url.get_secret_value() if CONFIGURATION.database_url else EmbeddedPostgres(DATA_DIR).url()
)
_database: dict[str, Any] = conninfo_to_dict(DATABASE_URL)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.pop("dbname", "strongroom"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": str(_database.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _database,
    }
}

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "appliance.accounts.logging_in.locked_out"

# --- The browser ------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # the end in any case; 15 idle minutes end it sooner, see accounts/session_limits.py
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.https else None
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # they name documents: never in the database
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_UPLOAD_BYTES + 1024 * 1024  # a document is never in clear on the disk
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "appliance.documents.receiving.UnnamedFileHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "appliance" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIGURATION.time_zone

# --- Logs: names, ids, codes; never the text of a document ------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}, "django.server": {"level": "WARNING"}},
}
