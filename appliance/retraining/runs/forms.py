"""The forms of a run and of a schedule. They check shapes; bounds stand in `options.py`, rules in the services."""

from __future__ import annotations

from typing import Any

from django import forms

from appliance.compliance.forms import PlainForm
from appliance.retraining.models import Preset, Schedule, Snapshot
from appliance.retraining.runs import bases
from appliance.retraining.runs.errors import BadOptions
from appliance.retraining.runs.options import ADAPTER, PRESETS, QUANTIZATIONS, Options
from appliance.retraining.runs.schedules import DAYS, WantedSchedule
from appliance.retraining.runs.services import Wanted
from appliance.retraining.runs.window import Window
from models_store.card import ModelState

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
_DRAWN = {
    "F16": "F16 – 16 bits, full precision",
    "Q8_0": "Q8_0 – 8 bits, nearly always as good",
    "Q6_K": "Q6_K – 6 bits",
    "Q5_K_M": "Q5_K_M – 5 bits",
    "Q4_K_M": "Q4_K_M – 4 bits, the usual small file",
    "Q4_0": "Q4_0 – 4 bits, the simplest",
    "Q3_K_M": "Q3_K_M – 3 bits",
    "Q2_K": "Q2_K – 2 bits, the smallest",
    ADAPTER: "Adapter – for documents of this type alone, over the base model; other types stay as they are",
}
_OWN = ("rank", "alpha", "rate", "epochs")
_FIRST = PRESETS[Preset.QUICK]
_IN_FORCE = ModelState.PRODUCTION


def _bases() -> list[tuple[str, str]]:
    found = bases.trainable_models()
    return [(card.digest, card.name + (", in force" if state is _IN_FORCE else "")) for card, state in found]


def _teachers() -> list[tuple[str, str]]:
    return [("", "none"), *((card.digest, card.name) for card in bases.teachers())]


class RunForm(PlainForm):
    """Settings of a run. `rank`, `alpha`, `rate` and `epochs` count with own settings only."""

    base = forms.ChoiceField(choices=_bases, label="Base model", help_text="What the training starts from.")
    preset = forms.ChoiceField(
        choices=[
            (Preset.QUICK.value, "Quick – a first look, a few rounds over the documents"),
            (Preset.THOROUGH.value, "Thorough – more rounds, more room to learn; stops early where that does not help"),
            (Preset.OWN.value, "Own settings – as under “Own settings” below"),
        ],
        initial=Preset.QUICK,
        label="How thoroughly",
        widget=forms.RadioSelect,
    )
    quantizations = forms.MultipleChoiceField(
        choices=list(_DRAWN.items()),
        initial=list(_FIRST.quantizations),
        widget=forms.CheckboxSelectMultiple,
        label="Files to make and measure",
        error_messages={"required": "Choose at least one."},
    )
    replay = forms.IntegerField(
        min_value=0,
        max_value=50,
        initial=round(_FIRST.replay * 100),
        label="Made-up documents, percent",
        help_text="Against forgetting other kinds of documents, and that a field can be absent. 10 to 25 is good.",
    )
    importance = forms.BooleanField(
        required=False,
        label="Weigh by importance",
        help_text="Brings small files closer to full precision; that they read better is not shown.",
    )
    teacher = forms.ChoiceField(
        choices=_teachers,
        required=False,
        label="Teacher",
        help_text="A larger model labels documents that wait for review. What it is sure of is learnt, at less weight.",
    )
    from_hour = forms.TypedChoiceField(
        choices=[("", "any hour"), *HOURS], coerce=int, required=False, empty_value=None, label="Train from"
    )
    until_hour = forms.TypedChoiceField(
        choices=[("", "any hour"), *HOURS],
        coerce=int,
        required=False,
        empty_value=None,
        label="until",
        help_text="Outside of these hours it rests, and goes on where it stood.",
    )
    rank = forms.IntegerField(
        min_value=1, max_value=256, initial=_FIRST.rank, required=False, label="Rank", help_text="Room to learn."
    )
    alpha = forms.IntegerField(
        min_value=1, max_value=512, initial=_FIRST.alpha, required=False, label="Alpha", help_text="Usually twice."
    )
    rate = forms.FloatField(
        min_value=1e-6,
        max_value=1e-2,
        required=False,
        label="Learning rate",
        help_text="Empty: as it fits the size of the base.",
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    epochs = forms.IntegerField(
        min_value=1, max_value=50, initial=_FIRST.epochs, required=False, label="Epochs", help_text="Rounds."
    )
    minutes = forms.IntegerField(
        min_value=0, max_value=10_080, initial=0, required=False, label="Longest, minutes", help_text="0: no limit."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("preset", "quantizations"):
            self.fields[name].widget.attrs["class"] = "form-check-input"

    @property
    def has_base(self) -> bool:
        return bool(bases.trainable_models())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("from_hour") is None) != (given.get("until_hour") is None):
            self.add_error("until_hour", "Give both hours, or none.")
        if not self.errors:
            try:
                given["options"] = self._options(given)
            except BadOptions as error:
                raise forms.ValidationError(f"{error.sentence} {error.detail}.") from error
        return given

    def wanted(self, snapshot: Snapshot) -> Wanted:
        """Only after `is_valid()`."""
        given = self.cleaned_data
        return Wanted(snapshot, given["base"], Preset(given["preset"]), given["options"])

    def _options(self, given: dict[str, Any]) -> Options:
        preset = Preset(given["preset"])
        chosen = PRESETS.get(preset, _FIRST)
        own = {name: given[name] for name in _OWN if given.get(name)} if preset is Preset.OWN else {}
        tuned = {"rank": chosen.rank, "alpha": chosen.alpha, "epochs": chosen.epochs} | own
        opens, closes = given.get("from_hour"), given.get("until_hour")
        return Options(
            **tuned,
            minutes=given.get("minutes") or 0,
            replay=given["replay"] / 100,
            quantizations=tuple(name for name in QUANTIZATIONS if name in given["quantizations"]),
            importance=given["importance"],
            teacher=given["teacher"],
            window=None if opens is None or closes is None else Window(opens, closes),
        )


class ScheduleForm(PlainForm):
    """When the box asks for a run by itself."""

    is_on = forms.BooleanField(required=False, label="Train by itself")
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(DAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="On the evenings of",
    )
    from_hour = forms.TypedChoiceField(choices=HOURS, coerce=int, label="From")
    until_hour = forms.TypedChoiceField(
        choices=HOURS, coerce=int, label="until", help_text="Training rests outside of these hours."
    )
    least_new_documents = forms.IntegerField(
        min_value=1,
        max_value=100_000,
        label="Newly reviewed documents",
        help_text="With fewer since the last run nothing happens.",
    )
    preset = forms.ChoiceField(
        choices=[(Preset.QUICK.value, "Quick"), (Preset.THOROUGH.value, "Thorough")], label="How thoroughly"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, schedule: Schedule, **kwargs: Any) -> None:
        names = ("is_on", "weekdays", "from_hour", "until_hour", "least_new_documents", "preset", "version")
        super().__init__(*args, initial={name: getattr(schedule, name) for name in names}, **kwargs)
        self.fields["weekdays"].widget.attrs["class"] = "form-check-input"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("is_on") and not given.get("weekdays"):
            self.add_error("weekdays", "Choose at least one evening.")
        return given

    @property
    def wanted(self) -> WantedSchedule:
        """Only after `is_valid()`."""
        given = self.cleaned_data
        return WantedSchedule(
            is_on=given["is_on"],
            weekdays=tuple(given["weekdays"]),
            window=Window(given["from_hour"], given["until_hour"]),
            least_new_documents=given["least_new_documents"],
            preset=Preset(given["preset"]),
            version=given["version"],
        )
