"""What is printed on a form before anyone fills it in, and what offices and signers add: heads, prose, stamps, feet."""

from __future__ import annotations

from datetime import date, timedelta

from models_store.starter.factory.desk import Desk
from models_store.starter.factory.draft import Fact, bare
from models_store.starter.factory.forms.blocks import across
from models_store.starter.factory.forms.clutter import poor, stray
from models_store.starter.factory.forms.moments import LONG, STYLES, clock, printed, some_day
from models_store.starter.factory.layout import wrapped
from models_store.starter.factory.pools import WORDS
from models_store.starter.factory.wordings import CONCEPTS

_GAP = "  "
_STAMPED = (
    "{m:02d}/{d:02d}/{year}", "{mon} {d:02d} {year}", "{m}/{d}/{year}", "{year}-{m:02d}-{d:02d}",
    "{d:02d}.{m:02d}.{year}",
)  # fmt: skip


class Stationery:
    """One form's printed matter. `poorly` is how bad the text layer of its small print is, 0 to 0.3."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.random = desk, desk.random
        self.unit = desk.values.word_of("form_units")
        self.poorly = self.random.choice((0.0, 0.0, 0.0, 0.06, 0.15, 0.3))
        self.style = self.random.choice(STYLES if desk.chance(0.5) else LONG)
        self.signed: date = some_day(self.random)
        self._stamps: list[str] = []

    def day(self, day: date) -> str:
        return printed(day, self.style)

    def prose(self, count: int, kind: str = "form_prose") -> list[str]:
        """Sentences of small print, wrapped, as poor as the rest."""
        sentences = WORDS[kind]
        chosen = [self._filled(text) for text in self.random.sample(sentences, min(count, len(sentences)))]
        if kind == "form_prose":
            chosen = [self._ruled() if self.desk.chance(0.5) else text for text in chosen]
        text = " ".join(chosen)
        return [poor(line, self.random, self.poorly) for line in wrapped(text, self.random)] if text else []

    def _ruled(self) -> str:
        """A rule made up of parts: who must or may do what, and when."""
        parts = (self.desk.values.word_of(f"form_rule_{part}") for part in ("who", "does", "what", "when"))
        return self._filled(" ".join(filter(None, parts)).strip() + ".")

    def _filled(self, sentence: str) -> str:
        if "{" not in sentence:
            return sentence
        return sentence.format(n=self.random.randint(2, 90), unit=self.unit, name="", d="")

    def approval(self) -> list[str]:
        """Form number, revision, approval and its expiry: dates that are not this filing's."""
        desk, values, parts = self.desk, self.desk.values, []
        if desk.chance(0.5):
            code = values.one("Form |FORM |") + desk.state("form_number", self._form_code())
            parts.append(code)
        if desk.chance(0.35):
            revised = some_day(self.random, 1995, 2024)
            text = self.random.choice((f"{revised:%m/%y}", f"{revised:%m/%Y}", f"{revised:%B %Y}", f"{revised:%m-%y}"))
            parts.append(values.one("Revised |Rev. |Stand: |Version |Rev ") + desk.state("form_revision", text))
        if desk.chance(0.3):
            number = f"{values.digits(4)}-{values.digits(4)}"
            expires = printed(some_day(self.random, 2010, 2028), self.random.choice(LONG))
            shown = f"{values.one('OMB No.|OMB NO.|OMB Number|Approval')} {desk.state('form_approval', number)}"
            parts.append(f"{shown}; Expires {desk.state('form_expiry', expires)}")
        return [_GAP.join(parts)] if desk.chance(0.5) else parts

    def _form_code(self) -> str:
        values = self.desk.values
        return values.one("NSB|CRD|A|SR|RL|LD|DR|B|FO") + values.one("-| |") + values.digits(self.random.randint(1, 4))

    def stamp(self) -> list[str]:
        """The office's stamp, the same date each time: when the form came in, some days after it was signed."""
        desk = self.desk
        if not self._stamps:
            received = self.signed + timedelta(days=self.random.randint(0, 40))
            day, at = desk.state("form_stamp_date", printed(received, self.random.choice(_STAMPED))), clock(self.random)
            word = desk.values.one("Received by|RECEIVED|Received|Eingang|Filed with|REÇU|Date received by")
            shorter = [f"{word} {day}", f"{word} {self.unit} {day} {at}"]
            self._stamps = shorter if desk.chance(0.3) else [f"{word} {self.unit}{_GAP}{day}{_GAP}{at}"]
        return [self.random.choice(self._stamps)]

    def head(self, title: str) -> list[str]:
        """Office and title, beside each other or below."""
        office = [self.desk.values.one("U.S. |State of |||") + self.unit]
        if self.desk.chance(0.6):
            office += self.desk.values.address_lines()[-2:]
        titles = wrapped(title, self.random) if len(title) > 60 else [title]
        if self.desk.chance(0.5):
            return across([office, titles], self.random, 1)
        return [*office, *titles] if self.desk.chance(0.7) else [*titles, *office]

    def foot(self) -> list[str]:
        """Now and then a line that says nothing."""
        if self.desk.chance(0.5):
            return []
        line = self._filled(self.desk.values.word_of("form_feet"))
        return [line, stray(self.random)] if self.poorly and self.desk.chance(0.3) else [line]

    def file_on(self, day: str) -> None:
        """The marked day is the date of filing too; an empty one leaves that to the stamp."""
        facts = self.desk.draft.facts
        if not bare(day) and "form_stamp_date" in facts:
            day = next(facts["form_stamp_date"].statements())
        facts.setdefault("form_file_date", Fact(CONCEPTS["form_file_date"], day))

    def sign(self, *, name: str = "", empty: float = 0.15) -> list[str]:
        """Oath, signature, title and date, in one of many arrangements."""
        desk = self.desk
        name = name or desk.values.person()
        blank = desk.chance(empty)
        signer = desk.state("form_signer", "" if blank else name)
        office = "" if blank or desk.chance(0.2) else desk.values.word_of("form_titles_of_office")
        title = desk.state("form_signer_title", office)
        day = desk.state("form_signed_date", "" if desk.chance(empty) else self.day(self.signed))
        self.file_on(day)
        oath = self.prose(self.random.randint(0, 2), "form_oaths")
        return [*oath, *self.random.choice(_SIGNATURES)(signer, title, day, desk)]


def _electronic(name: str, title: str, day: str, desk: Desk) -> list[str]:
    esigned = desk.values.one("  eSigned||  (electronically signed)")
    return [f"{day}  /s/ {name}{esigned}", "(Date of signature)  (Signature)", title]


def _labelled(name: str, title: str, day: str, desk: Desk) -> list[str]:
    labels = [desk.label(CONCEPTS[c]) for c in ("form_signer", "form_signer_title", "form_signed_date")]
    lines = [f"{label}: {text}" for label, text in zip(labels, (name, title, day), strict=True)]
    desk.random.shuffle(lines)
    return [desk.values.one("Signature ____________|Signature:|By:|"), *lines]


def _one_line(name: str, title: str, day: str, desk: Desk) -> list[str]:
    labels = [desk.label(CONCEPTS[c]) for c in ("form_signer", "form_signer_title", "form_signed_date")]
    return ["  ".join(f"{label} {text}" for label, text in zip(labels, (name, title, day), strict=True))]


def _below_rule(name: str, title: str, day: str, desk: Desk) -> list[str]:
    labels = [desk.label(CONCEPTS[c]) for c in ("form_signer", "form_signer_title", "form_signed_date")]
    return [part for label, text in zip(labels, (name, title, day), strict=True) for part in (text, f"({label})")]


def _letter(name: str, title: str, day: str, desk: Desk) -> list[str]:
    return [f"{desk.values.one('Dated|Date|Datum|Signed')}: {day}", "By: ______________", name, title]


def _comma(name: str, title: str, day: str, desk: Desk) -> list[str]:
    closing = desk.values.one("/s/ |By: |Signed: |")
    return [f"{closing}{name}, {title}", f"{desk.values.one('on |Date: |this day, |')}{day}"]


def _sworn(name: str, title: str, day: str, desk: Desk) -> list[str]:
    """Before a notary, whose own name and dates are there too."""
    values = desk.values
    notary = f"{values.person()}, Notary Public"
    expires = f"My commission expires {printed(some_day(desk.random, 2005, 2030), desk.random.choice(LONG))}"
    sworn = [f"Subscribed and sworn to before me at {desk.random.choice(values.pools.city)}", notary, expires]
    return [f"{name}  {title}", f"Date {day}", *sworn]


def _table(name: str, title: str, day: str, desk: Desk) -> list[str]:
    return [
        desk.values.one("(Date of signature)  (Print or type name)|Date  Name|Date of signature  Print name"),
        f"{day}  {name}" + desk.values.one("  eSigned||  [signature]"),
        f"{desk.values.one('Title|Position|Capacity')}: {title}",
    ]


_SIGNATURES = (_electronic, _labelled, _labelled, _one_line, _below_rule, _letter, _comma, _sworn, _table)
