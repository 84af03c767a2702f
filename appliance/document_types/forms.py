"""The two forms with a file: bring a type in, try a type on a document."""

from __future__ import annotations

from typing import Any

from django import forms

from appliance.document_types import samples

OWN_FILE = ""


class ImportForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="A document type that was exported here, or a JSON Schema of an object.",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".json,application/json"}),
        error_messages={"required": "Choose a file.", "empty": "This file is empty. Choose another one."},
    )


class TryForm(forms.Form):
    """A shipped sample, or a file of one's own when there is one."""

    sample = forms.ChoiceField(label="Sample", required=False, widget=forms.Select(attrs={"class": "form-select"}))
    file = forms.FileField(
        label="Or a file of your own",
        required=False,
        help_text="It is read, shown to you, and deleted. Nothing of it is stored.",
        widget=forms.ClearableFileInput(attrs={"class": "form-control"}),
        error_messages={"empty": "This file is empty. Choose another one."},
    )

    def __init__(self, *args: Any, type_name: str, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_bytes = max_bytes
        field = self.fields["sample"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- defined so above
        field.choices = [(OWN_FILE, "My own file"), *((s.name, s.title) for s in samples.samples())]
        named = [s.name for s in samples.samples() if s.type_name == type_name]
        self.initial.setdefault("sample", named[0] if named else OWN_FILE)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > self._max_bytes:
            raise forms.ValidationError(
                f"This file is larger than {self._max_bytes // 2**20} MB. Choose a smaller one."
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("sample") and not data.get("file"):
            self.add_error("file", "Choose a sample above or a file of your own.")
        return data

    @property
    def chosen(self) -> tuple[str, bytes]:
        """(untrusted file name, content); a file of one's own wins over the sample."""
        file = self.cleaned_data["file"]
        if file:
            return file.name, file.read()
        sample = samples.sample(self.cleaned_data["sample"])
        return sample.path.name, sample.path.read_bytes()
