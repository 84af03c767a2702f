"""The forms of models at work."""

from __future__ import annotations

from django import forms

from appliance.compliance.forms import PlainForm
from appliance.retraining.serving.services import MOST_DOCUMENTS

USUAL_DOCUMENTS = 50


class TryOutForm(PlainForm):
    """How long a candidate is tried out."""

    documents = forms.IntegerField(
        min_value=1,
        max_value=MOST_DOCUMENTS,
        initial=USUAL_DOCUMENTS,
        help_text="It ends by itself after so many. With fewer than about 30 an agreement says little.",
    )
