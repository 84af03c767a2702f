"""Settings come from the environment, secrets from files, and nonsense stops the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from appliance.configuration import environment_names, load_configuration


def test_secret_from_a_file_wins_and_loses_its_line_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "key with blank"
    secret.write_text("from the file\n")
    monkeypatch.setenv("STRONGROOM_SECRET_KEY", "from the variable")
    monkeypatch.setenv("STRONGROOM_SECRET_KEY_FILE", str(secret))
    key = load_configuration().secret_key
    assert key is not None
    assert key.get_secret_value() == "from the file"


def test_secret_file_that_is_missing_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", "/nowhere/at/all")
    with pytest.raises(FileNotFoundError):
        load_configuration()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRONGROOM_PORT", "http"),
        ("STRONGROOM_PORT", "70000"),
        ("STRONGROOM_MAX_PAGES", "0"),
        ("STRONGROOM_HTTPS", "perhaps"),
        ("STRONGROOM_JOB_LEASE_SECONDS", "1"),
    ],
)
def test_value_that_does_not_fit_names_its_setting(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        load_configuration()
    assert refused.value.errors()[0]["loc"] == (environment_names()[name],)


def test_secrets_do_not_show_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_SECRET_KEY", "never-show-this")
    assert "never-show-this" not in repr(load_configuration())
