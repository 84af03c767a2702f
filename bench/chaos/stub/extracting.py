"""An extraction that takes 50 to 500 ms and always gives the same for a document; every fifteenth is a real one."""

from __future__ import annotations

import hashlib
import time

from appliance.documents import tasks
from appliance.documents.extracting import ExtractionWork, store_extraction
from extraction.language_model import LanguageModel
from extraction.records import Digests, Extraction

REAL_SHARE = 15
SHORTEST_SECONDS, LONGEST_SECONDS = 0.05, 0.5

_really = tasks.extract_one


def extract_one(work: ExtractionWork, model: LanguageModel) -> None:
    number = int(work.document.sha256, 16)
    if number % REAL_SHARE == 0:
        _really(work, model)
        return
    time.sleep(SHORTEST_SECONDS + number % 1000 / 1000 * (LONGEST_SECONDS - SHORTEST_SECONDS))
    store_extraction(work=work, extraction=_same_every_time(work))


def _same_every_time(work: ExtractionWork) -> Extraction:
    stub = hashlib.sha256(b"bench.chaos.stub").hexdigest()
    digests = Digests(model=stub, prompt=stub, schema=stub, reader=work.document.reader_digest, grammar=stub)
    pages = work.document.page_count
    return Extraction((), (), digests, pages_total=pages, pages_covered=pages, windows=1)
