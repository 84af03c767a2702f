"""Asks every address of the box as everybody, about one's own object, a colleague's and a missing one.

    python -m bench.idor

It runs tests/security/test_idor.py and test_swapped_ids.py. The last line is one JSON object: `urls` asked, `cells`
(questions with an expected answer), `wrong`; the exit code is that of the tests, controls included.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

TESTS = ("tests/security/test_idor.py", "tests/security/test_swapped_ids.py")


class Figures:
    """Gathers what the tests say of themselves."""

    def __init__(self) -> None:
        self.urls: set[str] = set()
        self.cells = self.wrong = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            return
        said: dict[str, Any] = dict(report.user_properties)
        self.urls |= set(said.get("urls", ()))
        self.cells += said.get("cells", 0)
        self.wrong += said.get("wrong", 0)


def main() -> int:
    figures = Figures()
    code = pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *TESTS], plugins=[figures])
    print(json.dumps({"urls": len(figures.urls), "cells": figures.cells, "wrong": figures.wrong}))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
