"""Orders, contracts and invoices for air time: a head in columns, a schedule, sums; long ones go over pages."""

from __future__ import annotations

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import PAGE_BREAK
from models_store.starter.factory.forms.blocks import across
from models_store.starter.factory.forms.broadcast.buy import Buy
from models_store.starter.factory.forms.broadcast.headers import Header
from models_store.starter.factory.forms.broadcast.schedules import Schedule
from models_store.starter.factory.forms.broadcast.sums import Sums
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.pools import WORDS


def write_broadcast_order(desk: Desk) -> None:
    """The head, then schedule and sums in either order; the sums stand beside the head on some."""
    buy = Buy(desk)
    head = Header(buy).write()
    sums = Sums(buy).write()
    table = Schedule(buy).write() if desk.size or desk.chance(0.4) else []
    if desk.chance(0.15):
        head, sums = across([head, sums], desk.random, 4), []
    body = [*sums, *table] if desk.chance(0.25) else [*table, *sums]
    desk.draft.add(*_paged(desk, head, body))
    desk.draft.add(*_notes(desk))


def _paged(desk: Desk, head: list[str], body: list[str]) -> list[str]:
    """The head again on each page, with the number of the page."""
    most = desk.random.randint(30, 60)
    sheets = [body[i : i + most] for i in range(0, len(body), most)] or [[]]
    repeated = head if desk.chance(0.6) else head[: desk.random.randint(1, 4)]
    lines: list[str] = []
    for number, sheet in enumerate(sheets, start=1):
        page = desk.values.one("Page  {} of {}|Page {} of {}|page {}/{}|Page: {}").format(number, len(sheets))
        lines += [PAGE_BREAK] if number > 1 else []
        lines += [page] if desk.chance(0.6) else []
        lines += [*(repeated if number > 1 else head), *sheet]
        lines += _notes(desk) if desk.chance(0.3) else []
    return lines


def _notes(desk: Desk) -> list[str]:
    """Terms and other lines at the foot."""
    most = min(desk.size, 2)
    notes = desk.random.sample(WORDS["air_notes"], desk.random.randint(0, 1 + 2 * most))
    return [line for note in notes for line in wrapped(note, desk.random)]
