"""Whatever is not a page of ours is sealed on its way out: a browser that opens it anyway runs nothing of it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = "sandbox; default-src 'none'"
_PAGE = "text/html"


class SealFilesMiddleware:
    """Stands inside of the middleware that gives pages their policy, which leaves an answer with a policy alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != _PAGE or "Content-Disposition" in response:
            response["Content-Security-Policy"] = POLICY
            response["X-Content-Type-Options"] = "nosniff"
        return response
