"""Does anything get out of the reading process?

    python -m bench.escapes [--rounds 30]

A planted module takes the place of a parser's library inside the real reading process, started by the real boundary,
and tries what an intruder would: other files, the network, other processes, the weak places of kernels. Three times:
with every wall; as in a container that refuses namespaces; and, as the control, without walls for the same user.

`succeeded`, `container_succeeded`, `control_succeeded`: acts that did what they set out to do.
`start_ratio`: time to start a reading process with its walls over the time without them; medians of `rounds`.

The last line is one JSON object. Exit code 0 when nothing got out and more than half succeed in the control.
"""

from __future__ import annotations

import argparse
import json
import sys

from bench.escapes import trial

NAMES = ("shut in", "container", "control")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    tried = [trial.try_all(launcher) for launcher in (trial.SHUT_IN, trial.CONTAINER, trial.OPEN)]
    shut_in, container, control = tried
    for act in shut_in.of:
        said = [f"{name}: {_said(outcomes.of[act]):40}" for name, outcomes in zip(NAMES, tried, strict=True)]
        print(f"{act:36}", *said)
    with_walls, without = trial.start_seconds(rounds)
    figures = {
        "acts": len(shut_in.of),
        "succeeded": len(shut_in.succeeded),
        "container_succeeded": len(container.succeeded),
        "control_succeeded": len(control.succeeded),
        "protections": trial.protections(trial.SHUT_IN),
        "container_protections": trial.protections(trial.CONTAINER),
        "start_ms": round(with_walls * 1000, 1),
        "start_ms_without": round(without * 1000, 1),
        "start_ratio": round(with_walls / without, 2),
    }
    print(json.dumps(figures))
    return 0 if not shut_in.succeeded and len(control.succeeded) * 2 > len(control.of) else 1


def _said(trouble: str) -> str:
    return trouble[:40] or "SUCCEEDED"


if __name__ == "__main__":
    sys.exit(main())
