"""Whether the box takes a file in just now: room on the disks, a bound for the queue, a quota for each person."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.documents.errors import QueueFull, StorageFull, TooManyUploads
from appliance.documents.jobs import LIVE
from appliance.documents.models import Document, Job, Stage
from appliance.documents.room import check_room

QUOTA_OF = timedelta(days=1)


def check_admitted(*, by: Person, size: int) -> None:
    """Raises StorageFull, QueueFull or TooManyUploads for a file of `size` bytes; nothing was kept then.

    Two uploads at the same moment are counted as if each came alone, so a bound may be passed by a few.
    """
    check_room(size)
    _check_queue()
    _check_quota(by, size)


def stopped_by() -> StorageFull | QueueFull | None:
    """Why no file of anybody is taken in just now; None while files are."""
    try:
        check_room()
        _check_queue()
    except (StorageFull, QueueFull) as error:
        return error
    return None


def _check_queue() -> None:
    if not settings.QUEUE_LIMIT:
        return
    waiting = Job.objects.filter(state__in=LIVE, stage__in=(Stage.READ, Stage.EXTRACT))[: settings.QUEUE_LIMIT].count()
    if waiting >= settings.QUEUE_LIMIT:
        raise QueueFull(f"{waiting} jobs wait")


def _check_quota(by: Person, size: int) -> None:
    since = timezone.now() - QUOTA_OF
    # What hangs on an e-mail came with the e-mail: nobody uploaded it.
    own = Document.objects.filter(uploaded_by=by, parent=None, uploaded_at__gt=since)
    used = own.aggregate(files=Count("pk"), bytes=Sum("size"))
    too_many = settings.UPLOADS_PER_DAY and used["files"] >= settings.UPLOADS_PER_DAY
    too_much = settings.UPLOAD_BYTES_PER_DAY and (used["bytes"] or 0) + size > settings.UPLOAD_BYTES_PER_DAY
    if too_many or too_much:
        raise TooManyUploads(f"{used['files']} files, {used['bytes']} bytes")
