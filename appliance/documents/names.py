"""Finding documents by a part of their file name. Names are encrypted in the database, so Python looks at each."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from appliance.documents.models import Document


def named(text: str, *, among: QuerySet[Document], most: int | None = None) -> list[UUID]:
    """Ids of the documents whose name holds the text, in the order of the query; capitals count as small letters."""
    rows = among.values_list("pk", "untrusted_name").iterator(chunk_size=5000)
    return list(islice((pk for pk, untrusted_name in rows if is_named(untrusted_name, text)), most))


def is_named(untrusted_name: str, text: str) -> bool:
    return text.lower() in untrusted_name.lower()
