"""What the inbox shows: filters, tiles and rows, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.document_types.queries import TypeChoice
from appliance.documents.models import Document
from appliance.documents.names import named
from appliance.documents.states import State
from extraction.errors import ModelUnavailable, StrongroomError, error_codes

PER_PAGE = 25


class Show(StrEnum):
    """The groups of states that a person thinks in."""

    ALL = ""
    WAITING = "waiting"
    WORKING = "working"
    ASIDE = "aside"
    DONE_TODAY = "done-today"
    FINISHED = "finished"
    DUPLICATES = "duplicates"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What is chosen in the address of the page."""

    show: Show = Show.ALL
    type_name: str = ""
    text: str = ""
    mine: bool = False

    @property
    def query(self) -> str:
        chosen = {"show": self.show, "type": self.type_name, "text": self.text, "mine": "on" if self.mine else ""}
        return urlencode({name: str(value) for name, value in chosen.items() if value})


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state looks: always a word with an icon; `tone` only colours it."""

    word: str
    icon: str
    tone: str = ""


@dataclass(frozen=True)
class InboxRow:
    """One line of the list. `error` says why the document was set aside."""

    document: Document
    look: StateLook
    type_title: str
    held_by: str
    error: type[StrongroomError] | None

    @property
    def type_percent(self) -> int | None:
        confidence = self.document.type_confidence
        return None if confidence is None else round(100 * confidence)

    @property
    def can_be_reviewed(self) -> bool:
        return self.document.state in (State.TO_REVIEW, State.ACCEPTED, State.EXPORTED)

    @property
    def can_be_retried(self) -> bool:
        return self.document.state in (State.QUARANTINED, State.NEEDS_PASSWORD, State.DUPLICATE)

    @property
    def needs_type(self) -> bool:
        return self.document.state == State.READ and self.document.document_type_id is None


@dataclass(frozen=True, slots=True)
class Tiles:
    waiting: int
    working: int
    aside: int
    done_today: int


@dataclass(frozen=True)
class Inbox:
    """`is_live`: something in the list is still being worked on, so the page should ask again."""

    rows: tuple[InboxRow, ...]
    page: Page[Document]
    tiles: Tiles
    is_live: bool


LOOKS = {
    State.RECEIVED: StateLook("Waiting to be read", "clock", "busy"),
    State.READING: StateLook("Being read", "look", "busy"),
    State.READ: StateLook("Waiting for its fields", "clock", "busy"),
    State.EXTRACTING: StateLook("Finding the fields", "search", "busy"),
    State.TO_REVIEW: StateLook("To review", "pencil", "look"),
    State.ACCEPTED: StateLook("Finished", "check", "fine"),
    State.EXPORTED: StateLook("Exported", "check-double", "fine"),
    State.QUARANTINED: StateLook("Set aside", "warning", "broken"),
    State.NEEDS_PASSWORD: StateLook("Needs a password", "lock", "broken"),
    State.DUPLICATE: StateLook("Duplicate", "pages"),
}
CHOOSE_TYPE = StateLook("Choose a type", "flag", "look")
WAITS_FOR_MODEL = StateLook("Waits for a model", "clock", "busy")
_ASIDE = Q(state__in=(State.QUARANTINED, State.NEEDS_PASSWORD))
_FINISHED = Q(state__in=(State.ACCEPTED, State.EXPORTED))
_WITHOUT_TYPE = Q(state=State.READ, document_type=None)
_WORKING = Q(state__in=(State.RECEIVED, State.READING, State.READ, State.EXTRACTING)) & ~_WITHOUT_TYPE


def inbox(*, person: Person, chosen: InboxFilter, number: int, types: list[TypeChoice]) -> Inbox:
    """One page of the list as this person sees it."""
    found = _chosen(person, chosen).select_related(
        "document_type", "uploaded_by", "claimed_by", "duplicate_of", "parent"
    )
    page = Paginator(found.order_by("-uploaded_at", "pk"), PER_PAGE).get_page(number)
    titles = {choice.name: choice.title for choice in types}
    tiles = count_tiles(person)
    rows = tuple(_row(document, person, titles) for document in page)
    return Inbox(rows, page, tiles, is_live=tiles.working > 0)


def count_tiles(person: Person) -> Tiles:
    groups = {show: Count("pk", filter=_of(show, person)) for show in (Show.WAITING, Show.WORKING, Show.ASIDE)}
    counts = Document.objects.aggregate(
        **{str(show): count for show, count in groups.items()}, done=Count("pk", filter=_of(Show.DONE_TODAY, person))
    )
    return Tiles(counts["waiting"], counts["working"], counts["aside"], counts["done"])


def _chosen(person: Person, chosen: InboxFilter) -> QuerySet[Document]:
    found = Document.objects.filter(_of(chosen.show, person))
    if chosen.type_name:
        found = found.filter(document_type__name=chosen.type_name)
    if chosen.mine:
        found = found.filter(Q(uploaded_by=person) | Q(claimed_by=person, claimed_until__gt=timezone.now()))
    if chosen.text:
        found = found.filter(_called(chosen.text, among=found))
    return found


def _called(text: str, *, among: QuerySet[Document]) -> Q:
    """By a part of the file's name, or by the document's whole id."""
    try:
        return Q(pk=UUID(text))
    except ValueError:
        return Q(pk__in=named(text, among=among))


def _of(show: Show, person: Person) -> Q:
    others = Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=person)
    match show:
        case Show.WAITING:
            return (Q(state=State.TO_REVIEW) & ~others) | _WITHOUT_TYPE
        case Show.WORKING:
            return _WORKING
        case Show.ASIDE:
            return _ASIDE
        case Show.DONE_TODAY:
            return _FINISHED & Q(changed_at__date=timezone.localdate())
        case Show.FINISHED:
            return _FINISHED
        case Show.DUPLICATES:
            return Q(state=State.DUPLICATE)
        case _:
            return Q()


def _row(document: Document, person: Person, titles: dict[str, str]) -> InboxRow:
    document_type = document.document_type
    name = document_type.name if document_type else ""
    return InboxRow(
        document,
        _look(document),
        titles.get(name, name.replace("_", " ").capitalize()),
        _holder(document, person),
        error_codes().get(document.error_code),
    )


def _look(document: Document) -> StateLook:
    if document.state == State.READ and document.document_type_id is None:
        return CHOOSE_TYPE
    if document.state == State.READ and document.error_code == ModelUnavailable.code:
        return WAITS_FOR_MODEL
    return LOOKS[State(document.state)]


def _holder(document: Document, person: Person) -> str:
    if document.claimed_by is None or document.claimed_until is None or document.claimed_until <= timezone.now():
        return ""
    return "you" if document.claimed_by_id == person.pk else document.claimed_by.display_name
