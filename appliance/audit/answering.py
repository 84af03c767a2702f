"""What the browser is told when the log cannot keep up: nothing unrecorded is ever reported as done."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from appliance.audit.context import collecting_awaited
from appliance.audit.key_files import KeysMissing
from appliance.audit.log.waiting import NotIntegrated, wait_until_integrated
from appliance.audit.record import LogUnavailable

WAIT_SECONDS = 5.0
log = logging.getLogger(__name__)


class AnswerWhenRecordedMiddleware:
    """Holds the answer of a sensitive act back until its record is in the tree; turns a failing log into a page.

    Must stand outside of all that records, so that nothing is answered past it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with collecting_awaited() as awaited:
            response = self.get_response(request)
        try:
            for event_pk in awaited:
                wait_until_integrated(event_pk, seconds=WAIT_SECONDS)
        except (NotIntegrated, KeysMissing) as error:
            log.error("an act is recorded but not in the signed log: %s", error)
            response.close()
            return _page(request, NotIntegrated.code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, LogUnavailable):
            return None
        log.error("an act was refused because the log cannot be written: %s", error)
        return _page(request, LogUnavailable.code)


def _page(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "503.html", {"code": code}, status=503)
