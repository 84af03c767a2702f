"""What comes in from the inbox: filters, files with their type, chosen documents."""

from __future__ import annotations

from typing import Any

from django import forms

from appliance.document_types.models import DocumentType
from appliance.documents.models import Document
from appliance.documents.queries import InboxFilter, Show

MOST_AT_ONCE = 500
SHOWN = (
    ("", "All"),
    (Show.WAITING, "Waiting for me"),
    (Show.WORKING, "Being read"),
    (Show.ASIDE, "Set aside"),
    (Show.FINISHED, "Finished"),
    (Show.DONE_TODAY, "Done today"),
    (Show.DUPLICATES, "Duplicates"),
)


class InboxFilterForm(forms.Form):
    show = forms.ChoiceField(choices=SHOWN, required=False)
    type = forms.SlugField(required=False)
    text = forms.CharField(required=False, max_length=100, strip=True)
    mine = forms.BooleanField(required=False)

    @property
    def chosen(self) -> InboxFilter:
        """What is valid of the address; the rest is left out, as a list is better than an error there."""
        self.is_valid()
        found = self.cleaned_data
        return InboxFilter(
            Show(found.get("show") or ""), found.get("type") or "", found.get("text") or "", bool(found.get("mine"))
        )


class TypeField(forms.ModelChoiceField):
    """A document type in use, by name; empty means that the appliance decides."""

    def __init__(self, *, required: bool) -> None:
        super().__init__(queryset=DocumentType.objects.filter(archived=False), to_field_name="name", required=required)


class UploadForm(forms.Form):
    type = TypeField(required=False)


class TypeForm(forms.Form):
    type = TypeField(required=True)


class ChosenForm(forms.Form):
    """The ticked documents of the list, in its order."""

    documents = forms.ModelMultipleChoiceField(queryset=Document.objects.all())

    def clean_documents(self) -> list[Any]:
        return [document.pk for document in self.cleaned_data["documents"][:MOST_AT_ONCE]]
