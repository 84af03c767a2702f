"""The forms of training data. They check shapes; the rules stand in the services."""

from __future__ import annotations

from typing import Any

from django import forms

from appliance.compliance.forms import PlainForm
from appliance.retraining.datasets.candidates import sender_field_of, text_paths
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.parts import BY_DOCUMENT, BY_SENDER, LEAST_SENDERS
from appliance.retraining.datasets.transfer.reading import MAX_BYTES
from extraction.schema import DocumentTypeSpec


class _Percent(forms.IntegerField):
    """Whole percent in the form, a fraction in the options."""

    def clean(self, value: Any) -> float:
        return float(super().clean(value)) / 100


class SnapshotForm(PlainForm):
    """How to cut. Every field has a default that suits most sites."""

    sender_field = forms.CharField(
        required=False,
        label="Field that names the sender",
        help_text="Each sender is in one part only, so that scores hold for new senders.",
        widget=forms.Select,
    )
    split_by = forms.ChoiceField(
        required=False,
        label="Split by",
        choices=[("", f"Sender, if there are {LEAST_SENDERS}"), (BY_SENDER, "Sender"), (BY_DOCUMENT, "Document")],
    )
    test_share = _Percent(min_value=10, max_value=50, initial=20, label="Test, % of documents")
    calibration_share = _Percent(min_value=0, max_value=30, initial=10, label="Calibrate, % of documents")
    person_share = _Percent(
        min_value=20, max_value=100, initial=70, label="One person, % at most",
        help_text="Of what trains; where two persons or more reviewed.",
    )  # fmt: skip
    sender_share = _Percent(
        min_value=10, max_value=100, initial=50, label="One sender, % at most",
        help_text=f"Of what trains; where there are {LEAST_SENDERS} senders or more.",
    )  # fmt: skip

    def __init__(self, *args: Any, spec: DocumentTypeSpec, **kwargs: Any) -> None:
        self._paths = tuple(text_paths(spec.fields))
        super().__init__(*args, **kwargs)
        field = self.fields["sender_field"]
        assert isinstance(field.widget, forms.Select)  # noqa: S101 -- defined so above
        field.widget.choices = [("", "None: every document for itself"), *((path, path) for path in self._paths)]
        field.initial = sender_field_of(spec)

    def clean_sender_field(self) -> str:
        path: str = self.cleaned_data["sender_field"]
        if path and path not in self._paths:
            raise forms.ValidationError("The type has no such text field. Choose one of the list.")
        return path

    @property
    def options(self) -> Options:
        """Only after `is_valid()`."""
        return Options(**self.cleaned_data)


class LabelFileForm(PlainForm):
    file = forms.FileField(
        label="File of labels",
        help_text=f"JSON lines, chat messages or CSV, in UTF-8, {MAX_BYTES // 2**20} MB at most.",
        widget=forms.ClearableFileInput(attrs={"accept": ".jsonl,.json,.csv,.txt"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty. Choose another one."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"This file is larger than {MAX_BYTES // 2**20} MB. Cut it into several.")
        return file
