"""How long does the offline verifier take?

    python -m bench.audit.verify_speed [--records 100000] [--every 1000]

Writes a log of so many records, with a checkpoint after each `--every`, runs strongroom_verify.py on it in a process of
its own, and counts that process's processor time: what else the machine does must not count. The control is the same
log with one digit of one record changed, which must not pass. The last line is one JSON object: `records`,
`checkpoints`, `cpu_seconds`, `wall_seconds`, `verify_seconds_per_million` (of processor time),
`control_refused`. Exit code 0 when a million take at most 60 s and the control is refused.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from appliance.audit.verifier import strongroom_verify
from bench.audit.generated_log import Generated, write_log

MOST_SECONDS_PER_MILLION = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--every", type=int, default=1000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        print(f"writing {wanted.records} records", flush=True)
        made = write_log(log, wanted.records, every=wanted.every)
        result, figures = verify(log, made)
        last = sorted((log / "entries").iterdir())[-1]
        last.write_bytes(last.read_bytes().replace(b'"total"', b'"tatol"', 1))
        control, _ = verify(log, made)
    per_million = figures["cpu_seconds"] * 1_000_000 / wanted.records
    refused = control["verdict"] == "tampered" and result["verdict"] == "ok"
    print(result["message"])
    print(
        json.dumps(
            {
                "records": result["entries"],
                "checkpoints": result["checkpoints"],
                **{name: round(figure, 2) for name, figure in figures.items()},
                "verify_seconds_per_million": round(per_million, 1),
                "control_refused": refused,
            }
        )
    )
    return 0 if refused and per_million <= MOST_SECONDS_PER_MILLION else 1


def verify(log: Path, made: Generated) -> tuple[dict[str, object], dict[str, float]]:
    """The verifier's last line, and what it cost."""
    script = Path(strongroom_verify.__file__)
    command = [sys.executable, "-I", "-S", str(script), "log", str(log), "--key", made.key_line]
    before, start = os.times(), time.perf_counter()
    done = subprocess.run([*command, "--at", str(made.now_us)], capture_output=True, text=True, check=False)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(done.stdout.splitlines()[-1]), {"cpu_seconds": cpu, "wall_seconds": time.perf_counter() - start}


if __name__ == "__main__":
    sys.exit(main())
