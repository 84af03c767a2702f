"""Encrypted columns: plain to Python, bytes to SQL, bound to where they stand."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import Count, F

from appliance.accounts.models import Person
from appliance.documents.models import Document, Extraction, FieldValue, Page
from appliance.documents.uploads import Origin, upload
from appliance.retraining.models import ImportedLabel, SnapshotEntry
from appliance.review.models import Decision
from appliance.sealing import keys
from appliance.sealing.errors import KeyDestroyed, SealBroken
from appliance.sealing.fields import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from appliance.sealing.models import DataKey
from tests.appliance.documents import made
from tests.appliance.documents.made import to_review, uploaded

pytestmark = pytest.mark.django_db
ENCRYPTED = (EncryptedTextField, EncryptedJSONField, EncryptedBinaryField)


@pytest.fixture
def document(clara: Person) -> Document:
    return to_review(clara)


def stored(row: models.Model, column: str) -> bytes:
    with connection.cursor() as cursor:
        table, key = row._meta.db_table, row._meta.pk.column
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{key}" = %s', [row.pk])
        return bytes(cursor.fetchone()[0])


def write(row: models.Model, column: str, content: bytes) -> None:
    with connection.cursor() as cursor:
        table, key = row._meta.db_table, row._meta.pk.column
        cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s', [content, row.pk])


def company(document: Document) -> FieldValue:
    return FieldValue.objects.get(extraction__document=document, path="company")


def test_python_sees_the_value_and_the_database_does_not(document: Document) -> None:
    value = company(document)

    assert value.raw == "ACME"
    assert b"ACME" not in stored(value, "raw")
    assert b"scan.txt" not in stored(document, "untrusted_name")


@pytest.mark.parametrize("value", ["x", "ünï 株式会社 \U0001f600", "a\nb\tc", "0" * 100_000, "   ", "\u202e"])
def test_any_text_comes_back(document: Document, value: str) -> None:
    document.untrusted_name = value
    document.save()

    assert Document.objects.get(pk=document.pk).untrusted_name == value


@pytest.mark.parametrize("value", [[], {}, [1, 1.5, None, True, "ü"], {"a": [{"b": "c" * 5000}]}, "text", 0])
def test_any_json_comes_back(document: Document, value: object) -> None:
    page = document.pages.get()
    page.words = value
    page.save()

    assert Page.objects.get(pk=page.pk).words == value


def test_null_empty_and_text_stay_three_things(document: Document) -> None:
    value = company(document)
    for raw in (None, "", "x"):
        value.raw = raw
        value.save()
        value.refresh_from_db()
        assert value.raw == raw
    assert FieldValue.objects.filter(extraction__document=document, raw=None).count() == 0
    assert FieldValue.objects.filter(extraction__document=document, raw__isnull=False).count() == 2


@pytest.mark.parametrize(
    "read",
    [
        lambda d: Document.objects.get(pk=d.pk).untrusted_name,
        lambda d: Document.objects.values_list("untrusted_name", flat=True).get(pk=d.pk),
        lambda d: Document.objects.values("untrusted_name").get(pk=d.pk)["untrusted_name"],
        lambda d: Document.objects.only("pk").get(pk=d.pk).untrusted_name,
        lambda d: Document.objects.select_for_update().get(pk=d.pk).untrusted_name,
        lambda d: Document.objects.annotate(n=Count("pages")).get(pk=d.pk).untrusted_name,
        lambda d: Page.objects.annotate(name=F("document__untrusted_name")).get(document=d).name,
        lambda d: Page.objects.values_list("document__untrusted_name", flat=True).get(document=d),
        lambda d: Page.objects.select_related("document").get(document=d).document.untrusted_name,
        lambda d: Extraction.objects.prefetch_related("document").get(document=d).document.untrusted_name,
        lambda d: Document.objects.select_related("parent__parent", "duplicate_of").get(parent=d).parent.untrusted_name,
        lambda d: next(Document.objects.filter(pk=d.pk).iterator()).untrusted_name,
        lambda d: (Document.objects.filter(pk=d.pk) | Document.objects.filter(pk=d.pk)).distinct()[0].untrusted_name,
        lambda d: Document.objects.filter(pk=d.pk).union(Document.objects.filter(pk=d.pk))[0].untrusted_name,
        lambda d: (
            Document.objects.annotate(
                again=models.Subquery(Document.objects.filter(pk=models.OuterRef("pk")).values("untrusted_name"))
            )
            .get(pk=d.pk)
            .again
        ),
    ],
    ids=[str(number) for number in range(15)],
)
def test_every_way_of_asking_gives_the_value(clara: Person, document: Document, read: object) -> None:
    upload(untrusted_name="page.png", content=made.png(), origin=Origin(clara, parent=document))
    assert read(document) == "scan.txt"  # type: ignore[operator]


def test_a_list_costs_one_query(clara: Person, django_assert_num_queries) -> None:
    for number in range(5):
        uploaded(clara, b"text %d" % number)
    keys.forget()

    with django_assert_num_queries(1):
        assert [d.untrusted_name for d in Document.objects.all()] == ["scan.txt"] * 5


@pytest.mark.parametrize("lookup", ["icontains", "contains", "startswith", "in", "gt", "regex"])
def test_sql_cannot_look_into_it(lookup: str) -> None:
    with pytest.raises(FieldError, match="encrypted"):
        Document.objects.filter(**{f"untrusted_name__{lookup}": "a"}).exists()


@pytest.mark.parametrize(
    "act", [lambda d: d.filter(untrusted_name="a").exists(), lambda d: d.update(untrusted_name="a")]
)
def test_neither_compared_nor_set_behind_its_key(document: Document, act: object) -> None:
    with pytest.raises(FieldError, match="encrypted"):
        act(Document.objects.all())  # type: ignore[operator]


def test_empty_can_be_asked_for_and_set(document: Document) -> None:
    Document.objects.update(untrusted_name="")

    assert Document.objects.get(untrusted_name="").untrusted_name == ""


def test_a_value_moved_to_another_document_is_seen(clara: Person, document: Document) -> None:
    other = to_review(clara, b"another\n")
    write(company(other), "raw", stored(company(document), "raw"))

    with pytest.raises(SealBroken, match=str(other.pk)):
        company(other)


def test_a_value_moved_to_another_column_is_seen(document: Document) -> None:
    write(company(document), "normal", stored(company(document), "raw"))

    with pytest.raises(SealBroken, match="normal"):
        company(document)


def test_a_value_read_past_its_field_is_told(document: Document) -> None:
    with pytest.raises(SealBroken, match="without its key"):
        Document.objects.raw("SELECT * FROM documents_document")[0]


def test_a_changed_byte_is_seen(document: Document) -> None:
    sealed = bytearray(stored(document, "untrusted_name"))
    sealed[-1] ^= 1
    write(document, "untrusted_name", bytes(sealed))

    with pytest.raises(SealBroken):
        Document.objects.get(pk=document.pk)


def test_a_destroyed_key_is_told_and_gives_nothing(document: Document) -> None:
    DataKey.objects.filter(pk=document.pk).delete()
    keys.forget()

    with pytest.raises(KeyDestroyed, match="untrusted_name"):
        Document.objects.get(pk=document.pk)
    with pytest.raises(KeyDestroyed):
        document.save()


def test_what_belongs_to_no_document_is_under_the_key_of_the_box(clara: Person) -> None:
    label = ImportedLabel.objects.create(
        document_type=made.receipt_type(), untrusted_text="ACME", fields={"a": "ACME"}, imported_by=clara
    )

    assert ImportedLabel.objects.get().untrusted_text == "ACME"
    assert b"ACME" not in stored(label, "untrusted_text") + stored(label, "fields")
    assert DataKey.objects.filter(pk=keys.BOX).exists()


def test_what_a_document_says_is_in_no_plain_column() -> None:
    """A new column of text or JSON in these tables has to be encrypted, or to be put on this list for a reason."""
    plain = {
        f"{model.__name__}.{field.name}"
        for model in (Document, Page, Extraction, FieldValue, Decision, SnapshotEntry, ImportedLabel)
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField | models.JSONField | models.BinaryField)
        and not isinstance(field, ENCRYPTED)
    }

    assert plain == {
        "Document.findings",  # codes
        "Extraction.engine",  # versions of libraries
        "FieldValue.regions",  # places on the page
        "Decision.regions",
    }


def test_every_encrypted_column_finds_its_document() -> None:
    """Each is asked for once, so a way (`of`) that is wrong fails here."""
    found = [(m, f) for m in apps.get_models() for f in m._meta.concrete_fields if isinstance(f, ENCRYPTED)]
    for model, field in found:
        assert list(model._default_manager.values_list(field.name, flat=True)) == []
    assert len(found) >= 35
