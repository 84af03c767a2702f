"""Debian's Chromium, driven by Playwright, without its talk to the outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.box import Box

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = next(found for name in _NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


def log_in(page: Page, box: Box, name: str) -> None:
    page.goto(f"{box.address}/accounts/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", box.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
