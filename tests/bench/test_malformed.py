"""Files that are made to do harm are refused in words, by the library and by the page; the figures can be bad."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from appliance.accounts.models import Person
from appliance.document_types.schema_files import read_type_file
from bench.malformed.__main__ import is_well, measure
from bench.malformed.models import model_mutants
from bench.malformed.schemas import schema_bombs
from extraction.errors import StrongroomError
from models_store.intake.checkpoint import check_checkpoint
from models_store.intake.gguf_file import check_gguf
from models_store.store import STARTER, STARTER_WEIGHTS
from tests.appliance.cast import ClientFor, adam, client_for

__all__ = ["adam", "client_for"]
SLOWEST = 2.0
"""Seconds to read one of them on a busy machine; in square time the widest would take minutes."""


def test_there_are_enough_and_each_is_read_or_refused_at_once() -> None:
    bombs, codes, read = schema_bombs(), set(), 0
    for bomb in bombs:
        begun = time.process_time()
        try:
            read_type_file(bomb.content)
            read += 1
        except StrongroomError as error:
            codes.add(error.code)
        assert time.process_time() - begun < SLOWEST, bomb.name
    assert len(bombs) >= 150
    assert codes == {"bad_schema", "not_a_type_file"}
    assert 0 < read < len(bombs) / 2


def test_the_page_answers_each_in_words(adam: Person, client_for: ClientFor) -> None:
    browser = client_for(adam)
    browser.raise_request_exception = False
    for bomb in schema_bombs():
        file = SimpleUploadedFile("type.json", bomb.content or b" ", content_type="application/json")
        response = browser.post("/document-types/import-file/", {"file": file})
        assert response.status_code in (302, 422), bomb.name
        assert len(response.content) < 100_000, bomb.name


@pytest.mark.model
def test_mutants_of_models_are_taken_or_refused(tmp_path: Path) -> None:
    """Every sixth; without a process between, so that a fault of ours shows as what it is."""
    mutants = list(model_mutants(STARTER / STARTER_WEIGHTS, STARTER / "model.safetensors"))
    refused = 0
    for number, mutant in enumerate(mutants[::6]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"model{mutant.suffix}").write_bytes(mutant.content)
        (folder / "config.json").write_bytes((STARTER / "config.json").read_bytes())
        try:
            check_gguf(folder / "model.gguf") if mutant.suffix == ".gguf" else check_checkpoint(folder)
        except StrongroomError:
            refused += 1
    assert len(mutants) >= 150
    assert refused > 0.8 * len(mutants[::6])


@pytest.mark.model
@pytest.mark.slow
def test_a_short_run_is_well(tmp_path: Path) -> None:
    figures = measure(every=40, seed=1, folder=tmp_path)
    assert figures["refused"] + figures["accepted_and_loadable"] == figures["schemas"] + figures["models"]
    assert figures["killed_other_processes"] == 0


GOOD = {
    "schemas": 2, "models": 2, "refused": 3, "accepted_and_loadable": 1, "killed_other_processes": 0, "slowest_s": 1.0,
    "control_died": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"killed_other_processes": 1}, {"slowest_s": 60.0}, {"control_died": 0}, {"refused": 2}],
    ids=lambda change: next(iter(change)),
)
def test_control_bad_figures_are_not_well(change: dict[str, float]) -> None:
    assert is_well(GOOD)
    assert not is_well({**GOOD, **change})
