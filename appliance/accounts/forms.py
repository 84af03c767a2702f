"""The forms about people. They check shapes; the rules stand in services.py."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from appliance.accounts.models import Person
from appliance.accounts.roles import Role

_WRONG = "User name or password is wrong, or the account is switched off. Capital letters count in both."


class LogInForm(AuthenticationForm):
    """Django's own form in our dress. One sentence for every failure: it must not tell which names exist."""

    error_messages = {
        "invalid_login": _WRONG,
        "inactive": _WRONG,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        _dress(self)


class OwnPasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


class PersonForm(forms.ModelForm):
    """Role, name and state of a person who exists already."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(choices=Role.choices)

    class Meta:
        model = Person
        fields = ("first_name", "last_name", "role", "is_active")
        labels = {"is_active": "May log in"}
        help_texts = {"is_active": "Switch this off when somebody leaves. Nobody is deleted: the log names them."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class NewPersonForm(forms.ModelForm):
    role = forms.ChoiceField(choices=Role.choices)

    class Meta:
        model = Person
        fields = ("username", "first_name", "last_name", "role")

    username = forms.RegexField(
        r"\A[\w.-]+\Z",
        max_length=64,
        label="User name",
        error_messages={"invalid": "Use letters, digits and . - _ only."},
        help_text="Letters, digits and . - _ only. It can never be changed.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


def _dress(form: forms.BaseForm) -> None:
    """Bootstrap's classes, and the link from a field to its help and errors for screen readers."""
    form.label_suffix = ""
    for name, field in form.fields.items():
        widget = field.widget
        if isinstance(widget, forms.CheckboxInput):
            widget.attrs["class"] = "form-check-input"
        elif isinstance(widget, forms.Select):
            widget.attrs["class"] = "form-select"
        elif not widget.is_hidden:
            widget.attrs["class"] = "form-control"
        if form.is_bound and name in form.errors:
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} is-invalid".strip()
