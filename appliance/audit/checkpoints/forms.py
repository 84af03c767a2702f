"""What an officer pastes or uploads: a public key, a counter-signed checkpoint."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile

from appliance.audit.checkpoints.errors import NotACheckpoint

NOTE_BYTES_AT_MOST = 16 * 1024
"""A checkpoint with fifty signatures has less."""


class WitnessForm(forms.Form):
    key_line = forms.CharField(
        max_length=300,
        label="Public key",
        error_messages={
            "required": "Paste the line that the command printed.",
            "max_length": "This is longer than a public key line. Paste the one line that the command printed.",
        },
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false", "size": "60"}
        ),
    )


class NoteForm(forms.Form):
    note = forms.FileField(
        label="Signed checkpoint",
        error_messages={
            "required": "Choose the file that you named with --out, usually signed.note.",
            "empty": "This file is empty. Choose the one that you named with --out.",
        },
        widget=forms.ClearableFileInput(attrs={"class": "form-control"}),
    )

    def clean_note(self) -> str:
        """The file's text."""
        file: UploadedFile = self.cleaned_data["note"]
        try:
            if (file.size or 0) > NOTE_BYTES_AT_MOST:
                raise ValueError("too large")
            # As UTF-8, byte for byte: a changed line end would break the signature.
            return file.read().decode("utf-8")
        except ValueError as error:
            raise forms.ValidationError(f"{NotACheckpoint.sentence} {NotACheckpoint.next_step}") from error
