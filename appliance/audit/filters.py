"""What part of the log somebody asks for: read from the URL, written back to the URL, said in the log's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone

from appliance.audit.actions import Action, Outcome
from appliance.audit.models import Leaf

DOCUMENTS_AT_MOST = 100
"""So many documents may share a piece of a file name before we ask for a longer piece."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Empty parts ask for everything. Both days of the period are meant whole, in the site's time zone."""

    person: str = ""
    document: str = ""
    action: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def query(self) -> str:
        """As in the URL, without empty parts."""
        return urlencode({name: value for name, value in self._parts() if value})

    @property
    def words(self) -> str:
        """For the audit log. A piece of a file name can hold a patient's name, so it is not repeated there."""
        parts = {name: str(value) for name, value in self._parts() if value}
        if "document" in parts and as_uuid(self.document) is None:
            parts["document"] = "(by file name)"
        return ", ".join(f"{name}={value}" for name, value in parts.items()) or "everything"

    def condition(self, document_ids: list[str]) -> Q:
        """`document_ids` are those that `document` stands for; see queries.documents_named."""
        wanted = Q()
        if self.person:
            wanted &= Q(actor=self.person)
        if self.document:
            wanted &= Q(object_type="document", object_id__in=document_ids)
        if self.action:
            wanted &= Q(action=self.action)
        if self.outcome:
            wanted &= Q(outcome=self.outcome)
        if self.since:
            wanted &= Q(recorded_at__gte=_midnight(self.since))
        if self.until:
            wanted &= Q(recorded_at__lt=_midnight(self.until + timedelta(days=1)))
        return wanted

    def _parts(self) -> tuple[tuple[str, Any], ...]:
        names = ("person", "document", "action", "outcome", "since", "until")
        return tuple((name, getattr(self, name)) for name in names)


class LogFilterForm(forms.Form):
    person = forms.CharField(required=False, max_length=150)
    document = forms.CharField(required=False, max_length=255, label="Document")
    action = forms.ChoiceField(required=False, choices=[("", "Any"), *Action.choices])
    outcome = forms.ChoiceField(required=False, choices=[("", "Any"), *Outcome.choices])
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    entry = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,
        label="Begin at no.",
        widget=forms.NumberInput(attrs={"size": "8"}),
    )
    """Where to begin reading; no part of the filter."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="")
        for name, field in self.fields.items():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = f"{kind} {kind}-sm"
            if name in self.errors:
                field.widget.attrs["class"] += " is-invalid"
        self.fields["person"].widget.attrs["list"] = "people"

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        since = self.cleaned_data.get("since")
        if since and until and until < since:
            raise forms.ValidationError("The period ends before it begins: swap the two days.")
        if until == date.max:
            raise forms.ValidationError("Choose an earlier day.")
        return until

    def clean_entry(self) -> int | None:
        entry: int | None = self.cleaned_data["entry"]
        if entry is None:
            return None
        newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
        if newest is None or entry > newest:
            there = "there is none yet" if newest is None else f"the newest one in the tree is {newest}"
            raise forms.ValidationError(f"No entry has this number: {there}.")
        return entry

    @property
    def chosen(self) -> LogFilter:
        """Only after `is_valid()`."""
        return LogFilter(**{name: value for name, value in self.cleaned_data.items() if name != "entry"})


class RangeForm(forms.Form):
    """Every entry from one number in the tree to another."""

    first = forms.IntegerField(min_value=0, max_value=2**62, label="From no.")
    last = forms.IntegerField(min_value=0, max_value=2**62, label="To no.")

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control form-control-sm"
            field.error_messages["required"] = "Give both numbers, of the first entry and of the last."

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first is not None and last is not None and last < first:
            raise forms.ValidationError("The range ends before it begins: swap the two numbers.")
        return self.cleaned_data


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
