"""Does a training slow the clerks' pages down?

    python -m bench.training_load [--seconds 20]

A whole appliance of its own, as `make run` starts it. A clerk's pages (the inbox, a document in review, its page image)
are asked for one after the other while the box is idle, then while a training child works as the box starts it: niced
and bounded. Idle is measured before and after, because the machine may have become busier meanwhile.

The last line is one JSON object; `steps` is how many steps the training made during the measurement. Exit code 0 when
the p95 is at most twice that of the idle box and the training got on.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bench.retraining.box import running_box
from bench.retraining.house_documents import DOCUMENT_TYPE, house_documents
from extraction.errors import StrongroomError
from models_store.store import STARTER

MOST = 2.0
PAUSE_SECONDS = 0.02
SETTLING_SECONDS = 600.0
DOCUMENTS = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory(prefix="training-load-") as name, running_box(Path(name)):
        figures = _figures(Path(name), seconds)
    print(json.dumps(figures))
    return 0 if figures["ratio"] <= MOST and figures["steps"] else 1


def _figures(folder: Path, seconds: float) -> dict[str, float]:
    _wait_until(_is_settled, "the samples are not read")
    ask = _clerk()
    idle = _milliseconds(ask, seconds / 2)
    with _training(folder / "training") as steps:
        _wait_until(lambda: steps() > 0, "the training does not begin")
        before = steps()
        training = _milliseconds(ask, seconds)
        made = steps() - before
    idle += _milliseconds(ask, seconds / 2)
    quiet, busy = _p95(idle), _p95(training)
    return {
        "requests": len(idle) + len(training),
        "steps": made,
        "p95_idle_ms": round(quiet, 1),
        "p95_training_ms": round(busy, 1),
        "ratio": round(busy / quiet, 2),
    }


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18]


def _milliseconds(ask: Callable[[], None], seconds: float) -> list[float]:
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
        time.sleep(PAUSE_SECONDS)
    return times


def _clerk() -> Callable[[], None]:
    """Asks for the clerk's pages in turn."""
    from django.conf import settings
    from django.test import Client

    from appliance.accounts.models import Person
    from appliance.accounts.roles import Role
    from appliance.documents.models import Document
    from appliance.documents.states import State

    client = Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(Person.objects.filter(role=Role.CLERK).earliest("pk"), backend=backend)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    document = Document.objects.filter(state=State.TO_REVIEW).earliest("uploaded_at")
    address = f"http://127.0.0.1:{settings.CONFIGURATION.port}"
    pages = [f"{address}/documents/", f"{address}/review/{document.pk}/"]
    turn = iter(range(sys.maxsize))

    def ask() -> None:
        request = urllib.request.Request(pages[next(turn) % len(pages)], headers={"Cookie": cookie})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  our own address
            if answer.url != request.full_url:
                raise SystemExit(f"the clerk was sent to {answer.url}")
            answer.read()

    return ask


@contextmanager
def _training(folder: Path) -> Iterator[Callable[[], int]]:
    """A training child works while the block does; gives how many steps it has made. It never gets to its end."""
    from appliance.retraining.runs import children

    _write_order(folder)
    over = threading.Event()
    watcher = children.Watcher(on_tick=lambda: "measured" if over.is_set() else "")
    command = [sys.executable, "-m", "models_store.tuning", str(folder)]
    failures: list[Exception] = []

    def work() -> None:
        try:
            children.run(command, folder=folder, name="tune", watcher=watcher)
        except children.Halted:
            return
        except StrongroomError as error:  # told by the thread that waits
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield lambda: _steps(folder / "progress.jsonl", failures)
    finally:
        over.set()
        thread.join()


def _steps(progress: Path, failures: Sequence[Exception]) -> int:
    if failures:
        raise failures[0]
    told = progress.read_text() if progress.is_file() else ""
    lines = told[: told.rfind("\n") + 1].splitlines()  # the last one may still be on its way
    return int(json.loads(lines[-1])["step"]) if lines else 0


def _write_order(folder: Path) -> None:
    from models_store.tuning.settings import LoraSettings

    folder.mkdir()
    slips = house_documents(DOCUMENTS, seed=1)
    labels = [json.dumps({"id": slip.id, "text": slip.text, "fields": slip.fields}) for slip in slips]
    (folder / "train.jsonl").write_text("\n".join(labels) + "\n", encoding="utf-8")
    (folder / "calibration.jsonl").write_text("", encoding="utf-8")
    (folder / "type.json").write_text(DOCUMENT_TYPE.model_dump_json(), encoding="utf-8")
    order = {"base": str(STARTER), "card": str(STARTER / "card.json"), "settings": asdict(LoraSettings(epochs=1000))}
    (folder / "request.json").write_text(json.dumps({**order, "threads": 2}), encoding="utf-8")


def _is_settled() -> bool:
    from appliance.documents.jobs import LIVE
    from appliance.documents.models import Document, Job

    return Document.objects.exists() and not Job.objects.filter(state__in=LIVE).exists()


def _wait_until(is_so: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + SETTLING_SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise SystemExit(f"{otherwise} within {SETTLING_SECONDS:.0f} s")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
