"""What a run learns from, made on the spot: everything that is labelled now, cut as usual."""

from __future__ import annotations

from appliance.accounts.models import Person
from appliance.document_types.models import DocumentType
from appliance.document_types.queries import latest_published
from appliance.retraining.datasets.candidates import sender_field_of
from appliance.retraining.datasets.cutting import Options
from appliance.retraining.datasets.services import make_snapshot
from appliance.retraining.models import Snapshot
from appliance.retraining.runs.errors import NothingToTrainOn


def fresh_snapshot(*, by: Person | None, document_type: DocumentType) -> Snapshot:
    """The one before where nothing has changed since. Raises NothingToTrainOn or TooFewDocuments."""
    version = latest_published(document_type)
    if version is None:
        raise NothingToTrainOn
    return make_snapshot(by=by, type_version=version, options=Options(sender_field=sender_field_of(version.spec)))
