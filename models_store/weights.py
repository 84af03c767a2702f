"""Weights that can be trained on: folders as transformers reads them, named by what is in them.

    weights/<digest>/config.json, *.safetensors, tokenizer files, licence
    weights/<digest>/manifest.json       name -> SHA-256; the digest of the folder is that of this list

A folder appears under its name when it is complete. Several models share one: the quantizations of one training.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from models_store.durable import PART, copy_file, file_digest, rename, write_json, writing
from models_store.errors import StoreError
from models_store.shelf import ARTIFACTS, is_digest

WEIGHTS = "weights"
MANIFEST = "manifest.json"
_NEEDED = ("config.json",)
_KEPT = (
    *_NEEDED, "generation_config.json", "*.safetensors", "*.safetensors.index.json", "tokenizer.model",
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "LICENSE*", "LICENCE*", "NOTICE*",
)  # fmt: skip
"""Files of a checkpoint that are kept. Nothing that could be run, and no pickles."""


def add_weights(folder: Path, *, root: Path = ARTIFACTS) -> str:
    """Copies a checkpoint into the store and returns its digest; one that is already there stays as it is.

    Raises StoreError when the folder holds no weights, or links instead of files.
    """
    manifest = read_folder(folder)
    digest = manifest_digest(manifest)
    target = root / WEIGHTS / digest
    with writing(root):
        if not target.is_dir():
            fresh = target.with_name(digest + PART)
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True)
            for name, expected in manifest.items():
                copy_file(folder / name, fresh / name, expected=expected)
            write_json(fresh / MANIFEST, manifest)
            rename(fresh, target)
    return digest


def weights_path(digest: str, *, root: Path = ARTIFACTS) -> Path:
    """The folder of a checkpoint, after reading all of it again. Raises StoreError when it is absent or damaged."""
    folder = weights_folder(digest, root)
    manifest = _read_manifest(folder, digest)
    for name, expected in manifest.items():
        if not (folder / name).is_file() or file_digest(folder / name) != expected:
            raise StoreError(f"{name} of the trainable weights {digest} is damaged.")
    return folder


def files_of_weights(digest: str, *, root: Path = ARTIFACTS) -> dict[str, str]:
    """Name and SHA-256 of each file, by the list that the digest names; none is read. Raises StoreError."""
    return _read_manifest(weights_folder(digest, root), digest)


def has_weights(digest: str, *, root: Path = ARTIFACTS) -> bool:
    """Whether a model whose card names these weights can be trained on here. Reads none of them."""
    return is_digest(digest) and (weights_folder(digest, root) / MANIFEST).is_file()


def list_weights(*, root: Path = ARTIFACTS) -> tuple[str, ...]:
    """The digests of all complete checkpoints."""
    folders = sorted((root / WEIGHTS).iterdir()) if (root / WEIGHTS).is_dir() else []
    return tuple(folder.name for folder in folders if has_weights(folder.name, root=root))


def weights_folder(digest: str, root: Path) -> Path:
    if not is_digest(digest):
        raise StoreError("Trainable weights are named by 64 hexadecimal digits.")
    return root / WEIGHTS / digest


def read_folder(folder: Path) -> dict[str, str]:
    """Name and SHA-256 of the files of a checkpoint anywhere that `add_weights` would keep. Raises StoreError."""
    return {path.name: file_digest(path) for path in _files(folder)}


def manifest_digest(manifest: dict[str, str]) -> str:
    """SHA-256 of the sorted list of names and digests, as compact JSON."""
    listed = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(listed.encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    found = sorted({path for pattern in _KEPT for path in folder.glob(pattern)})
    names = {path.name for path in found}
    if not names.issuperset(_NEEDED) or not any(name.endswith(".safetensors") for name in names):
        raise StoreError(f"{folder.name} holds no weights that can be trained on: config.json and safetensors.")
    if odd := next((path.name for path in found if path.is_symlink() or not path.is_file()), None):
        raise StoreError(f"{odd} is not a plain file.")
    return found


def _read_manifest(folder: Path, digest: str) -> dict[str, str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"There are no trainable weights {digest} in the store.") from error
    if not isinstance(manifest, dict) or manifest_digest(manifest) != digest:
        raise StoreError(f"The list of the trainable weights {digest} is damaged.")
    if any(Path(name).name != name for name in manifest):
        raise StoreError(f"The list of the trainable weights {digest} names files outside of it.")
    return manifest
