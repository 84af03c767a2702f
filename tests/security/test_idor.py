"""Every address answers everybody as the table says: about one's own object, a colleague's and a missing one."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.urls import clear_url_caches, path, set_urlconf

from appliance.documents.file_views import original
from appliance.urls import urlpatterns
from tests.appliance.accounts.test_every_url_has_a_permission import OPEN
from tests.appliance.cast import ClientFor
from tests.security.matrix import ACTORS, TABLE, Cell, asking, cells
from tests.security.scene import Scene
from tests.security.urls_of_objects import NUMBERS, routes

ALIKE = {"carl": "clara", "otto": "olga", "gone": "nobody"}
"""Who holds the same role asks only where an address names an object: for the rest there is nothing to tell apart."""


def wrong(found: list[Cell]) -> list[Cell]:
    return [cell for cell in found if cell.is_wrong]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    named = {route.name for route in routes()}
    assert set(TABLE) == named - OPEN
    assert {route.name for route in routes() if route.object == "pk"} == set(NUMBERS)
    for route in routes():
        if route.name not in OPEN:
            assert len(TABLE[route.name].split(",")) == (3 if route.object else 1), route.name


@pytest.mark.parametrize("actor", ACTORS)
def test_everybody_gets_what_the_table_says(
    actor: str, scene: Scene, client_for: ClientFor, record_property: Callable[[str, object], None]
) -> None:
    asked = [route for route in routes() if route.object or actor not in ALIKE]
    found = list(cells(asking(actor, scene, client_for), asked, scene))
    record_property("urls", sorted({cell.route for cell in found}))
    record_property("cells", len(found))
    record_property("wrong", len(wrong(found)))
    assert len(found) > 100
    assert wrong(found) == []


def unguarded(request: Any, document_id: Any) -> Any:
    """The view of a file with its guard taken off."""
    return original.__wrapped__.__wrapped__(request, document_id)


def test_control_a_view_without_its_guard_is_caught(scene: Scene, client_for: ClientFor, settings: Any) -> None:
    """An administrator, who may see no document, gets one, and strangers to it are told which ones there are."""
    open_door = path("documents/<uuid:document_id>/original/", unguarded)
    broken = ModuleType("broken_urls")
    broken.urlpatterns = [open_door, *urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = broken
    clear_url_caches()
    set_urlconf(None)
    try:
        asked = [route for route in routes() if route.name == "documents:original"]
        found = wrong(list(cells(asking("adam", scene, client_for), asked, scene)))
    finally:
        settings.ROOT_URLCONF = "appliance.urls"
        clear_url_caches()
    assert {(cell.which, cell.method) for cell in found} >= {("own", "GET"), ("other", "GET"), ("missing", "GET")}


def test_control_a_row_that_says_too_much_is_caught(
    scene: Scene, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLE, "review:renew", "405 200, 405 200, 405 404")
    asked = [route for route in routes() if route.name == "review:renew"]
    found = wrong(list(cells(asking("clara", scene, client_for), asked, scene)))
    assert [(cell.which, cell.method, cell.got) for cell in found] == [("other", "POST", 409)]
