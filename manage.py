#!/usr/bin/env python3
"""Django's entry point. Without DATABASE_URL the embedded PostgreSQL runs for as long as the command does."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "--version",
    "collectstatic",
    "down",
    "evaluate",
    "extract",
    "reset",
    "startapp",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appliance.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    embedded = settings.EMBEDDED_POSTGRES
    with nullcontext() if embedded is None or command in WITHOUT_DATABASE else embedded.in_use():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
