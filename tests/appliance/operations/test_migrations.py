"""The schema that migrations leave behind."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def test_migrations_match_the_models() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_pgmq_is_installed_without_an_extension() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pgmq'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT pgmq.create('probe'), pgmq.send('probe', '{\"job\": 1}')")
        cursor.execute("SELECT message FROM pgmq.read('probe', 30, 1)")
        assert cursor.fetchone() == ('{"job": 1}',)
