from __future__ import annotations

from pathlib import Path

import pytest

from extraction.read.sandbox.readable import PACKAGE, readable_paths

REPOSITORY = Path(__file__).resolve().parents[4]


def covered(path: Path) -> bool:
    return any(path.resolve().is_relative_to(root.resolve()) for root in readable_paths())


@pytest.mark.parametrize("inside", ["read/pdf.py", "read/fonts/DejaVuSansMono.ttf", "errors.py"])
def test_the_package_is_readable(inside: str) -> None:
    assert covered(PACKAGE / inside)


@pytest.mark.parametrize("library", ["json", "pypdf", "PIL", "docx", "selectolax", "charset_normalizer", "pypdfium2"])
def test_the_parsers_libraries_are_readable(library: str) -> None:
    found = __import__(library).__file__
    assert found is not None
    assert covered(Path(found))


@pytest.mark.parametrize("outside", ["var", "manage.py", "appliance", "models_store", ".git", "samples"])
def test_nothing_else_of_the_box_is_readable(outside: str) -> None:
    assert not covered(REPOSITORY / outside)


@pytest.mark.parametrize(
    "path", ["/", "/etc/passwd", "/etc/shadow", "/home", "/proc", "/sys", "/var", "/usr/bin", "/dev"]
)
def test_the_system_beside_its_libraries_is_not_readable(path: str) -> None:
    assert not covered(Path(path))


def test_no_path_lies_below_another() -> None:
    paths = readable_paths()
    assert paths
    assert [inner for inner in paths for outer in paths if inner != outer and inner.is_relative_to(outer)] == []


def test_a_folder_in_front_of_the_modules_is_readable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert not covered(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert covered(tmp_path)
