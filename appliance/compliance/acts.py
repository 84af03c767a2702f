"""What happens when a request is approved: one act for each kind."""

from __future__ import annotations

from collections.abc import Callable

from appliance.compliance.deletion import Order, delete_documents
from appliance.compliance.holds import release
from appliance.compliance.models import Approval, Kind
from appliance.compliance.promotion import promote
from appliance.compliance.retention import set_rule


def carry_out(approval: Approval) -> None:
    """Inside the transaction of the approval. Raises a ComplianceError, which undoes the approval too."""
    ACTS[Kind(approval.kind)](approval)


def _delete(approval: Approval) -> None:
    ids = set(approval.documents.values_list("document_id", flat=True))
    delete_documents(document_ids=ids, order=Order(approval.reason, approval=approval))


ACTS: dict[Kind, Callable[[Approval], None]] = {
    Kind.DELETE: _delete,
    Kind.RELEASE_HOLD: release,
    Kind.CHANGE_RETENTION: set_rule,
    Kind.PROMOTE_MODEL: promote,
}
