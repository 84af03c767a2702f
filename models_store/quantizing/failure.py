"""Why a program came to nothing, as a file for who started it and a line for who watches it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extraction.errors import StrongroomError
from models_store.errors import ConversionFailed

ERROR_FILE = "error.json"


@contextmanager
def told() -> Iterator[None]:
    """Ends the program with status 1 when the work inside fails for a known reason, which then stands in error.json in
    the folder where the program was started."""
    place = Path(ERROR_FILE)
    place.unlink(missing_ok=True)
    try:
        yield
    except (StrongroomError, OSError) as error:
        known = error if isinstance(error, StrongroomError) else ConversionFailed(str(error))
        content = {"code": known.code, "sentence": known.sentence, "next": known.next_step, "detail": known.detail}
        place.write_text(json.dumps(content) + "\n", encoding="utf-8")
        sys.stderr.write(f"{known.sentence} {known.next_step} ({known.detail})\n")
        raise SystemExit(1) from error
