"""The forms of keeping and deleting. They check shapes; the rules stand in the services."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from appliance.compliance.asking import WantedRule
from appliance.compliance.holds import Cover
from appliance.compliance.models import CountsFrom, Scope
from appliance.document_types.models import DocumentType

NO_NAMES = "Say why in a sentence. It is kept for good: write no name and nothing from a document."


class PlainForm(forms.Form):
    """A form in Bootstrap's dress; errors are tied to their fields for screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput):
                style = "form-check-input"
            else:
                style = "form-select" if isinstance(widget, forms.Select) else "form-control"
            invalid = " is-invalid" if self.is_bound and name in self.errors else ""
            widget.attrs["class"] = style + invalid


class ReasonForm(PlainForm):
    """Asking for something."""

    reason = forms.CharField(max_length=500, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 2}))


class DecisionForm(PlainForm):
    """Approving or refusing."""

    words = forms.CharField(
        max_length=500, label="Why you decide so", help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 2})
    )
    decision = forms.ChoiceField(choices=[("approve", "Approve"), ("refuse", "Refuse")], widget=forms.HiddenInput)


class HoldForm(PlainForm):
    """A new hold. Which of the later fields count depends on what it covers."""

    name = forms.CharField(max_length=100, help_text="As people will speak of it, for example a case number.")
    reason = forms.CharField(max_length=500, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 2}))
    scope = forms.ChoiceField(choices=Scope.choices, label="What it covers")
    documents = forms.CharField(
        required=False,
        label="These documents",
        help_text="Ids of documents, one a line. A document's id stands on its page.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    document_type = forms.ModelChoiceField(
        DocumentType.objects.order_by("name"), required=False, empty_label="Any type", label="Type"
    )
    uploaded_from = forms.DateField(
        required=False, label="Uploaded from", widget=forms.DateInput(attrs={"type": "date"})
    )
    uploaded_until = forms.DateField(
        required=False, label="Uploaded until", widget=forms.DateInput(attrs={"type": "date"})
    )
    name_contains = forms.CharField(required=False, max_length=100, label="File name contains")

    def clean_documents(self) -> list[UUID]:
        ids: list[UUID] = []
        for text in self.cleaned_data["documents"].split():
            try:
                ids.append(UUID(text))
            except ValueError as error:
                raise forms.ValidationError(f"“{text[:40]}” is not the id of a document.") from error
        return ids

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        scope = given.get("scope")
        if scope == Scope.LIST and not given.get("documents") and "documents" not in self.errors:
            self.add_error("documents", "Name at least one document.")
        if scope == Scope.TYPE and not given.get("document_type"):
            self.add_error("document_type", "Choose the type.")
        parts = ("document_type", "uploaded_from", "uploaded_until", "name_contains")
        if scope == Scope.FILTER and not any(given.get(part) for part in parts):
            self.add_error("name_contains", "Fill in at least one part of the filter.")
        first, last = given.get("uploaded_from"), given.get("uploaded_until")
        if first and last and last < first:
            self.add_error("uploaded_until", "The period ends before it begins: swap the two days.")
        return given

    @property
    def cover(self) -> Cover:
        """Only after `is_valid()`. Both days are meant whole, in the site's time zone."""
        given = self.cleaned_data
        scope = Scope(given["scope"])
        if scope is Scope.LIST:
            return Cover(scope, documents=given["documents"])
        if scope is Scope.TYPE:
            return Cover(scope, document_type=given["document_type"])
        last: date | None = given["uploaded_until"]
        return Cover(
            scope,
            document_type=given["document_type"],
            uploaded_from=_midnight(given["uploaded_from"]),
            uploaded_before=_midnight(last + timedelta(days=1) if last else None),
            name_contains=given["name_contains"],
        )


class RetentionForm(PlainForm):
    days = forms.IntegerField(min_value=1, max_value=36_500, label="Days to keep a document")
    counts_from = forms.ChoiceField(choices=CountsFrom.choices, label="Counted from")
    automatic = forms.TypedChoiceField(
        choices=[
            ("ask", "A request for deletion, which a person approves"),
            ("delete", "Deletion by itself, every night"),
        ],
        coerce=lambda value: value == "delete",
        label="When the days are over",
    )
    reason = forms.CharField(max_length=500, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 2}))

    @property
    def wanted(self) -> WantedRule:
        given = self.cleaned_data
        return WantedRule(given["days"], CountsFrom(given["counts_from"]), given["automatic"])


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
