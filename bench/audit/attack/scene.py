"""What every attack begins with: a log of seven hundred records, a backup of it from earlier, an officer who has the
log's key, counter-signed the newest checkpoint and holds copies of checkpoints on another volume."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from appliance.audit.tree.notes import WITNESS_KEY, Note
from appliance.audit.tree.signing import SigningKey
from appliance.audit.verifier.strongroom_verify import Report, run
from bench.audit.attack.box import LOG_ID, Box, act, now_us, sequence

EARLY, FULL = "early_copy", "full_copy"


@dataclass
class Scene:
    """`sizes` of all checkpoints; `tail` is how many records stand behind the newest one."""

    box: Box
    key_line: str
    witness: SigningKey
    sizes: list[int] = field(default_factory=list)

    @property
    def newest(self) -> int:
        return self.sizes[-1]

    def anchor_files(self) -> list[Path]:
        return sorted(self.box.anchors.glob("*.note"))

    def good_before(self, index: int) -> int:
        """The size of the last checkpoint that does not cover a record."""
        return max((size for size in self.sizes if size <= index), default=0)

    def folder(self) -> Path:
        """The log as the box now hands it out. The caller's to change and remove."""
        from appliance.audit.log import write_log_folder

        out = Path(tempfile.mkdtemp(dir=self.box.folder, prefix="log-"))
        return write_log_folder(out)

    def verify_log(self, *more: str, anchors: Sequence[Path] = ()) -> Report:
        folder = self.folder()
        try:
            return self.verify(folder, *more, anchors=anchors)
        finally:
            shutil.rmtree(folder)

    def verify(self, folder: Path, *more: str, anchors: Sequence[Path] = (), command: str = "log") -> Report:
        """As the officer asks: his own copy of the verifier, the pinned key, his own clock."""
        arguments = [command, str(folder), "--key", self.key_line, "--witness", self.witness.public.line]
        for anchor in anchors:
            arguments += ["--anchor", str(anchor)]
        return run([*arguments, *more])


def make(box: Box) -> Scene:
    """Make the log; afterwards the database can go back to EARLY and FULL."""
    from appliance.accounts.roles import Role
    from appliance.accounts.services import create_person
    from appliance.audit.key_files import first_public_line
    from appliance.audit.models import Witness

    scene = Scene(box, first_public_line(), SigningKey.new("officer", WITNESS_KEY))
    Witness.objects.create(
        name="officer", key_line=scene.witness.public.line, registered_by="olga", registered_at=timezone.now()
    )
    for count in (90, 200, 200, 200):
        act(count)
        scene.sizes.append(sequence(sign=True))
        if len(scene.sizes) == 2:
            box.keep(EARLY)
    _countersign(scene)
    create_person(username="frida", role=Role.CLERK, first_name="Frida", last_name="Falk")
    act(5)
    sequence(sign=False)
    act(3)
    box.keep(FULL)
    return scene


def _countersign(scene: Scene) -> None:
    from appliance.audit.models import Checkpoint, Cosignature, Witness

    checkpoint = Checkpoint.objects.get(size=scene.newest)
    seconds = now_us() // 1_000_000
    line = scene.witness.cosignature(Note.parse(checkpoint.note).body, seconds=seconds)
    Cosignature.objects.create(
        checkpoint=checkpoint,
        witness=Witness.objects.get(),
        signed_s=seconds,
        line=line.text,
        received_by="olga",
        received_at=timezone.now(),
    )


def log_key() -> SigningKey:
    """The log's private key, for the attacks of whoever stole it."""
    from appliance.audit.key_files import first_public_line, signing_key
    from appliance.audit.tree.notes import PublicKey

    return signing_key(PublicKey.parse(first_public_line()).key_id)


def thief_key() -> SigningKey:
    return SigningKey.new(f"strongroom/{LOG_ID}")
