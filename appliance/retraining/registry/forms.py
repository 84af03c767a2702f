"""The forms of the registry. They check shapes; what may be done is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from appliance.compliance.forms import NO_NAMES, PlainForm
from appliance.retraining.models import Snapshot
from models_store.convert import Quantization
from models_store.names import checked_name
from models_store.store import StoreError

NAME_HELP = "Letters, digits, dots, dashes, colons and underlines, for example invoices-2026."


class GivenName(forms.CharField):
    """A name that the store takes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 80, "help_text": NAME_HELP, **options})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return checked_name(text)
        except StoreError as error:
            raise forms.ValidationError(str(error)) from error


class NameForm(PlainForm):
    name = GivenName(label="Another name for this model")


class RenameForm(PlainForm):
    old = forms.CharField(widget=forms.HiddenInput)
    new = GivenName(label="New name")


class SourceForm(PlainForm):
    source = forms.CharField(max_length=255, widget=forms.HiddenInput)
    leave_programs = forms.BooleanField(required=False)


class BringInForm(PlainForm):
    name = forms.CharField(max_length=80, label="Name in the list of models")


class UploadForm(PlainForm):
    """Small bundles only: large ones come on a medium."""

    bundle = forms.FileField(label="A signed bundle (.strongroom)")

    def clean_bundle(self) -> Any:
        bundle = self.cleaned_data["bundle"]
        if bundle.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                f"More than {settings.MAX_UPLOAD_BYTES // 1024**2} MiB: copy it to the folder of removable media."
            )
        return bundle


class SnapshotChoice(forms.ModelChoiceField):
    """Snapshots by their type and day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Snapshot.objects.select_related("type_version__document_type"), **options)

    def label_from_instance(self, obj: Snapshot) -> str:
        version = obj.type_version
        day = timezone.localtime(obj.made_at).date()
        return f"{version.document_type.name}, version {version.number}, {day} ({obj.digest[:8]})"


class QuantizeForm(PlainForm):
    quantizations = forms.MultipleChoiceField(
        label="Make files in",
        choices=[(one.name, one.name) for one in Quantization],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    snapshot = SnapshotChoice(
        label="Weigh by the documents of",
        required=False,
        empty_label="nothing: all weights alike",
        help_text="Brings small files closer to full precision; that they read better is not shown.",
    )


class MeasureForm(PlainForm):
    snapshot = SnapshotChoice(
        label="On the frozen test part of",
        empty_label=None,
        error_messages={"invalid_choice": "There is no such snapshot. Reload the page."},
    )


class RemoveForm(PlainForm):
    typed = forms.CharField(max_length=200, label="Type the name of the model", help_text="As it stands above.")
    reason = forms.CharField(max_length=150, help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 2}))
