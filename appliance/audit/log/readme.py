"""What stands beside an exported log or selection, for a person who opens it years later."""

from __future__ import annotations

from appliance.audit.log.key_history import current_key, first_key

_HOW = """
HOW TO CHECK IT

You need a computer with Python 3.9 or newer; no network, nothing else to install. Use the verifier that you keep
yourself (strongroom_verify.py), and the log's key that you wrote down when the appliance was set up: a key or a
verifier that comes with the evidence proves nothing about it. The copies here are for convenience.

    {command}

The last line says "ok", "tampered" (with what and where), or "incomplete" (with what is missing).
"""
_KEYS = """
KEYS OF THIS LOG

first   {first}
        {first_print}
now     {now}
        {now_print}
"""
_LOG = """STRONGROOM: A COPY OF THE AUDIT LOG

entries/       what was done, one record a line, in order
tile/          hashes over the records
checkpoints/   signed statements of how the log stood, with the signatures of witnesses
manifest.json  how many records there are

Also add  --anchor NOTE  for each checkpoint that was kept elsewhere: on another volume, on paper, on your own disk.
Without one, a log that was replaced as a whole by whoever holds its key would look right.
Where checkpoints are counter-signed, add  --witness KEY  with the public key of each who did.
"""
_PROOF = """STRONGROOM: ONE RECORD OF THE AUDIT LOG

{name}.json        the record, byte for byte
{name}.tlog-proof  the way from it to a signed statement of how the log stood

It shows that the record stands in the log, unchanged; it says nothing about other records.
"""
_SELECTION = """STRONGROOM: RECORDS CHOSEN FROM THE AUDIT LOG

entries.jsonl    the records, one a line, in order
proofs.jsonl     for each, the proof that it stands in the log
checkpoint.note  the signed statement that the proofs lead to
manifest.json    what was chosen; manifest.note is the appliance's signature of it

The proofs show that each record stands in the log, unchanged. That no record is missing is proven only where
manifest.json says "complete":1; for other choices the appliance's signature holds it to its word.
"""


def log_readme() -> str:
    return _LOG + _HOW.format(command="python3 strongroom_verify.py log THIS-FOLDER --key KEY") + _keys()


def selection_readme() -> str:
    return _SELECTION + _HOW.format(command="python3 strongroom_verify.py selection THIS-FOLDER --key KEY") + _keys()


def proof_readme(name: str) -> str:
    """`name` is what both files are called before their endings."""
    command = f"python3 strongroom_verify.py proof {name}.json {name}.tlog-proof --key KEY"
    return _PROOF.format(name=name) + _HOW.format(command=command) + _keys()


def _keys() -> str:
    first, now = first_key(), current_key()
    return _KEYS.format(first=first.line, first_print=first.fingerprint, now=now.line, now_print=now.fingerprint)
