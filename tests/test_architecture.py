"""The rules of the code base hold, and each rule can fail: a constructed snippet breaks it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import Source

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = ("extraction", "models_store", "appliance")
Rule = Callable[[Source], list[str]]


def _sources(*packages: str) -> list[Source]:
    paths = [path for package in packages for path in sorted((REPOSITORY / package).rglob("*.py"))]
    sources = [Source(path.relative_to(REPOSITORY).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return [source for source in sources if "/artifacts/" not in source.path]


PRODUCT = _sources(*PACKAGES)
TESTS = _sources("tests")


def _broken(rule: Rule, sources: list[Source]) -> list[str]:
    return [sentence for source in sources for sentence in rule(source)]


def test_the_rules_look_at_the_whole_product() -> None:
    assert {source.package for source in PRODUCT} == set(PACKAGES)
    assert len(PRODUCT) > 50


@pytest.mark.parametrize(
    "rule",
    [
        architecture.wrong_direction,
        architecture.second_importer,
        architecture.too_big,
        architecture.too_deep,
        architecture.too_many_parameters,
        architecture.forbidden_name,
        architecture.broad_except,
        architecture.without_future_annotations,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_product_keeps_the_rule(rule: Rule) -> None:
    sources = [source for source in PRODUCT if "/migrations/" not in source.path]
    assert _broken(rule, sources) == []


@pytest.mark.parametrize(
    "rule", [architecture.too_big, architecture.forbidden_name, architecture.without_future_annotations]
)
def test_the_tests_keep_the_rules_of_size_and_name(rule: Rule) -> None:
    assert _broken(rule, TESTS) == []


def test_no_test_patches_our_own_code() -> None:
    patched = [name for source in TESTS for _, name in architecture.imports(source) if name.startswith("unittest.mock")]
    assert patched == []


def _lines(count: int, indent: str = "") -> str:
    return "".join(f"{indent}x = {number}\n" for number in range(count))


BROKEN = {
    "library imports the box": (architecture.wrong_direction, "extraction/a.py", "from appliance import x\n"),
    "library imports the store": (architecture.wrong_direction, "extraction/a.py", "import models_store.store\n"),
    "store imports the box": (architecture.wrong_direction, "models_store/a.py", "from appliance.audit import x\n"),
    "library imports django": (architecture.wrong_direction, "extraction/a.py", "def f():\n    import django.db\n"),
    "library opens sockets": (architecture.wrong_direction, "extraction/a.py", "import socket\n"),
    "library asks a server": (architecture.wrong_direction, "models_store/a.py", "from urllib import request\n"),
    "box imports tests": (architecture.wrong_direction, "appliance/a.py", "from tests import cast\n"),
    "second importer of a PDF library": (architecture.second_importer, "appliance/a.py", "import pypdf\n"),
    "second importer of the model": (architecture.second_importer, "extraction/a.py", "from llama_cpp import x\n"),
    "training in the box": (architecture.second_importer, "appliance/a.py", "import torch.nn\n"),
    "file of 401 lines": (architecture.too_big, "extraction/a.py", _lines(401)),
    "function of 51 lines": (architecture.too_big, "extraction/a.py", "def f():\n" + _lines(50, "    ")),
    "four blocks in each other": (
        architecture.too_deep,
        "extraction/a.py",
        "def f():\n for a in b:\n  if a:\n   with a:\n    while a:\n     pass\n",
    ),
    "six parameters": (architecture.too_many_parameters, "extraction/a.py", "def f(a, b, *, c, d, e, g): ...\n"),
    "a file called utils": (architecture.forbidden_name, "extraction/text_utils.py", ""),
    "a folder called common": (architecture.forbidden_name, "extraction/common/a.py", ""),
    "a second version": (architecture.forbidden_name, "extraction/grammar_v2.py", ""),
    "except Exception": (architecture.broad_except, "extraction/a.py", "try:\n x\nexcept Exception:\n y\n"),
    "except in a tuple": (architecture.broad_except, "extraction/a.py", "try:\n x\nexcept (E, Exception):\n y\n"),
    "bare except": (architecture.broad_except, "appliance/a.py", "try:\n x\nexcept:\n y\n"),
    "no future import": (architecture.without_future_annotations, "extraction/a.py", "x = 1\n"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_control_a_broken_rule_is_seen(name: str) -> None:
    rule, path, text = BROKEN[name]
    assert len(rule(Source(path, text))) == 1


KEPT = {
    "the box imports the store": (architecture.wrong_direction, "appliance/a.py", "from models_store import store\n"),
    "a library parses an address": (
        architecture.wrong_direction,
        "extraction/a.py",
        "from urllib.parse import quote\n",
    ),
    "the reader imports the PDF library": (architecture.second_importer, "extraction/read/pdf.py", "import pypdf\n"),
    "file of 400 lines": (architecture.too_big, "extraction/a.py", _lines(400)),
    "function of 50 lines": (architecture.too_big, "extraction/a.py", "def f():\n" + _lines(49, "    ")),
    "a long elif chain": (
        architecture.too_deep,
        "extraction/a.py",
        "def f(a):\n if a == 1: pass\n elif a == 2: pass\n elif a == 3: pass\n elif a == 4: pass\n elif a == 5: pass\n",
    ),
    "five parameters and self": (
        architecture.too_many_parameters,
        "extraction/a.py",
        "class A:\n def f(self, a, b, *, c, d, e): ...\n",
    ),
    "a task records any failure": (
        architecture.broad_except,
        "appliance/documents/tasks.py",
        "try:\n x\nexcept Exception:\n record()\n",
    ),
    "clearing up and raising again": (
        architecture.broad_except,
        "extraction/a.py",
        "try:\n x\nexcept BaseException:\n tidy()\n raise\n",
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_rule_is_left_alone(name: str) -> None:
    rule, path, text = KEPT[name]
    assert rule(Source(path, text)) == []
