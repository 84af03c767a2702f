"""What has to be there before the first person logs in. Every step may run again: it adds only what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from appliance.accounts.models import Person
from appliance.accounts.services import create_demo_people
from appliance.audit.actions import Action
from appliance.audit.key_files import KeysMissing, make_keys, new_log_id
from appliance.audit.models import AuditEvent, Leaf
from appliance.audit.record import Evidence, Subject, record
from appliance.audit.staging import stage_earlier_records
from appliance.compliance.promotion import move_pointer
from appliance.document_types.models import DocumentType
from appliance.document_types.services import publish_shipped_types
from appliance.documents.models import Job, JobState
from appliance.documents.uploads import Origin, upload
from appliance.operations.database_roles import ROLES, make_roles
from appliance.sealing import keys, keyset
from appliance.sealing.errors import KeysetMissing
from appliance.sealing.models import DataKey
from models_store import store

SAMPLES = settings.BASE_DIR / "samples"


@dataclass(frozen=True)
class DemoPerson:
    """`password` is shown once, when the person is made, and kept nowhere in clear."""

    username: str
    role: str
    password: str


def prepare(say: Callable[[str], None]) -> None:
    """Brings the box to its present shape. `say` takes one line of progress."""
    say("database: migrating")
    call_command("migrate", verbosity=0, interactive=False)
    if len(make_roles()) < len(ROLES):
        say("database: its processes keep all rights of their login, because it may not make roles")
    _prepare_log(say)
    _prepare_sealing(say)
    say("pages: collecting style sheets and scripts")
    call_command("collectstatic", verbosity=0, interactive=False)
    _publish_types(say)
    _install_model(say)
    _finish_promotion(say)
    _take_up_jobs(say)
    _record_start()


def _prepare_log(say: Callable[[str], None]) -> None:
    """The keys of the log, once; what was recorded before there was a tree is put on its way into it."""
    earlier = AuditEvent.objects.order_by("pk").first()
    name = json.loads(bytes(earlier.record))["log_id"] if earlier else new_log_id()
    if Leaf.objects.exists() and not (settings.KEYS_DIR / "log_id").exists():
        raise KeysMissing(
            f"{settings.KEYS_DIR} holds no keys, but there is a signed log. Restore the folder from its copy, or set "
            "STRONGROOM_KEYS_DIR to where it is; new keys would break the log."
        )
    if make_keys(settings.KEYS_DIR, settings.SIGNING_KEYS_DIR, log_id=name):
        say(f"log: keys made in {settings.KEYS_DIR}; keep a copy of that folder in a safe place")
    staged = stage_earlier_records()
    if staged:
        say(f"log: {staged} earlier entries will be put into the signed tree")


def _prepare_sealing(say: Callable[[str], None]) -> None:
    """The key that encrypts the documents' keys, once."""
    place = keyset.path()
    if DataKey.objects.exists() and not place.exists():
        raise KeysetMissing(
            f"{place} is missing, but there are documents encrypted under it. Restore it from its copy, or set "
            "STRONGROOM_KEYS_DIR to where it is; without it they are lost."
        )
    if keyset.make(place):
        say(f"encryption: key made in {place}; keep a copy apart from the data, without it the documents are lost")
    keys.cipher_of_new(keys.BOX)


def _publish_types(say: Callable[[str], None]) -> None:
    published = publish_shipped_types()
    if published:
        say(f"document types: published {', '.join(published)}")


def _install_model(say: Callable[[str], None]) -> None:
    root = settings.MODELS_STORE_ROOT
    before = store.current(root=root)
    card = store.install_starter(root=root)
    if card is None:
        say("model: none is shipped with this copy; documents wait until one is imported")
        return
    say(f"model: {card.name} is in the store")
    if before is None:
        with transaction.atomic():
            record(Action.MODEL_PROMOTED, subject=Subject("model", card.digest, 1), reason="the shipped model")


def _finish_promotion(say: Callable[[str], None]) -> None:
    """Before the record of the start, which names the model in force."""
    if move_pointer():
        say("model: the one that was approved last is in force now")


def _record_start() -> None:
    """The log says of every start which model was in force at it."""
    card = store.current(root=settings.MODELS_STORE_ROOT)
    with transaction.atomic():
        record(Action.APPLIANCE_STARTED, evidence=Evidence(digests={"model": card.digest} if card else None))


def _take_up_jobs(say: Callable[[str], None]) -> None:
    """On a box of one machine nobody works while it starts: what was cut short need not wait for its lease to end."""
    if settings.EMBEDDED_POSTGRES is None:
        return
    cut_short = Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    if cut_short:
        say(f"jobs: {cut_short} that were cut short will be taken up again")


def make_demo_people() -> list[DemoPerson]:
    """One for each role. Returns those made just now: none at a later start, and none when STRONGROOM_DEMO is off."""
    return [DemoPerson(*made) for made in create_demo_people()] if settings.CONFIGURATION.demo else []


def upload_samples(say: Callable[[str], None], *, uploader: str) -> None:
    """The files of samples/, uploaded in the name of a demo person."""
    person = Person.objects.get(username=uploader)
    files = sorted(path for path in SAMPLES.iterdir() if path.is_file()) if SAMPLES.is_dir() else []
    for path in files:
        origin = Origin(by=person, document_type=_type_of(path))
        upload(untrusted_name=path.name, content=path.read_bytes(), origin=origin)
    say(f"documents: {len(files)} samples uploaded")


def _type_of(path: Path) -> DocumentType | None:
    """The samples are named after their type: invoice-1.pdf."""
    return DocumentType.objects.filter(name=path.stem.partition("-")[0]).first()
