from __future__ import annotations

from appliance.accounts.models import Person
from appliance.audit.models import AuditEvent
from tests.appliance.cast import ClientFor
from tests.appliance.documents import made


def views_recorded() -> int:
    return AuditEvent.objects.filter(action="document_viewed").count()


def test_page_image_is_a_png_that_stays_private(clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)

    answer = client_for(clara).get(f"/documents/{document.pk}/pages/1.png")

    assert answer.content == made.png()
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_page_image_is_not_sent_twice_but_permission_is_asked_twice(
    clara: Person, adam: Person, client_for: ClientFor
) -> None:
    document = made.to_review(clara)
    place = f"/documents/{document.pk}/pages/1.png"
    tag = client_for(clara).get(place).headers["ETag"]

    assert client_for(clara).get(place, headers={"if-none-match": tag}).status_code == 304
    assert client_for(adam).get(place, headers={"if-none-match": tag}).status_code == 403


def test_looking_at_pages_is_one_visit_for_each_person(clara: Person, olga: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)
    place = f"/documents/{document.pk}/pages/1.png"

    client_for(clara).get(place)
    client_for(clara).get(place)
    assert views_recorded() == 1

    client_for(olga).get(place)
    assert views_recorded() == 2


def test_page_that_is_not_there_is_not_found(clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)

    assert client_for(clara).get(f"/documents/{document.pk}/pages/2.png").status_code == 404


def test_thumbnail_is_small_and_no_visit(clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)

    answer = client_for(clara).get(f"/documents/{document.pk}/thumbnail.png")

    assert answer.content.startswith(b"\x89PNG")
    assert views_recorded() == 0


def test_original_is_only_ever_a_download(clara: Person, client_for: ClientFor) -> None:
    document = made.to_review(clara)

    answer = client_for(clara).get(f"/documents/{document.pk}/original/")

    assert answer.content == b"ACME Coffee\nTotal 12.50\n"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="document-{str(document.pk)[:8]}.txt"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert AuditEvent.objects.filter(action="original_downloaded", actor="clara").count() == 1
