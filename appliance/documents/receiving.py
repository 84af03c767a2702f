"""A file too large for memory while it comes in: a bundle of a model, or one that will be refused as too large.

It has no name on the disk, so it is gone with its process, whatever ends that.
"""

from __future__ import annotations

import io
import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from appliance.documents.errors import StorageFailed, StorageFull
from appliance.documents.room import temporary_folder, trouble_with_disk, volume_of

_TROUBLE = {error.code: error for error in (StorageFull, StorageFailed)}
_NOTE = "strongroom.file_left_out"


def check_complete(request: HttpRequest) -> None:
    """Raises StorageFull or StorageFailed when a file of this request was left out for want of a place to keep it."""
    code = request.META.get(_NOTE)
    if code is not None:
        raise _TROUBLE[code]


class UnnamedFileHandler(FileUploadHandler):
    """Takes what is too large for memory. A file without room is left out, and a note in the request says why."""

    file: IO[bytes]

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.expected: int = args[2]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = io.BytesIO()  # Django closes the handler's file when it is left out: never the one before
        try:
            volume = volume_of(temporary_folder())
            self.file = tempfile.TemporaryFile(dir=volume.path)  # noqa: SIM115  lives as long as the request
        except OSError as error:
            self._leave_out(trouble_with_disk(error))
        if volume.free - self.expected < volume.reserve:
            self._leave_out(StorageFull(f"{self.expected} bytes are coming, {volume.free} are free"))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
            self.file.flush()  # here a full disk can still be told in words
        except OSError as error:
            self._leave_out(trouble_with_disk(error))

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        return UploadedFile(
            self.file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        self.file.close()

    def _leave_out(self, error: StorageFull | StorageFailed) -> None:
        if self.request is not None:
            self.request.META[_NOTE] = error.code
        raise SkipFile from error
