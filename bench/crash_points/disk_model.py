"""A disk that keeps only what it was told to flush, as far as a program may rely on it (POSIX, no kindness of ext4).

fsync of a file keeps its bytes, not its name. fsync of a folder keeps the names in it, not what they lead to. What was
not flushed may be on the disk after a loss of power or not, in any order, so a file is *safe* only when it is there
whole both where every change that was not flushed is gone and where every change of a name came through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath


@dataclass(eq=False)
class File:
    """Bytes written, and bytes kept."""

    size: int = 0
    kept: int = 0


@dataclass(eq=False)
class Folder:
    """Names as programs see them, and as they are kept."""

    names: dict[str, File | Folder] = field(default_factory=dict)
    kept: dict[str, File | Folder] = field(default_factory=dict)


class Disk:
    """`root`: a folder that was there before and is kept. Calls on other paths do nothing."""

    def __init__(self, root: str) -> None:
        self._root, self._top = PurePosixPath(root), Folder()

    def create(self, path: str) -> None:
        folder, name = self._parent(path)
        if folder is not None:
            folder.names.setdefault(name, File())

    def make_folder(self, path: str) -> None:
        folder, name = self._parent(path)
        if folder is not None:
            folder.names.setdefault(name, Folder())

    def write(self, path: str, size: int) -> None:
        node = self._node(path)
        if isinstance(node, File):
            node.size += size

    def flush(self, path: str) -> None:
        node = self._node(path)
        if isinstance(node, File):
            node.kept = node.size
        elif isinstance(node, Folder):
            node.kept = dict(node.names)

    def rename(self, path: str, target: str) -> None:
        (source, old), (folder, new) = self._parent(path), self._parent(target)
        if source is not None and folder is not None and old in source.names:
            folder.names[new] = source.names.pop(old)

    def remove(self, path: str) -> None:
        folder, name = self._parent(path)
        if folder is not None:
            folder.names.pop(name, None)

    def is_folder(self, path: str) -> bool:
        return isinstance(self._node(path), Folder)

    def safe(self) -> dict[str, int]:
        """Path -> size of what a loss of power at this moment cannot take."""
        forgetful = dict(self._walk(self._top, self._root, kept=True))
        eager = dict(self._walk(self._top, self._root, kept=False))
        return {str(path): size for path, size in forgetful.items() if eager.get(path) == size}

    def _walk(self, folder: Folder, path: PurePosixPath, *, kept: bool) -> Iterator[tuple[PurePosixPath, int]]:
        for name, node in (folder.kept if kept else folder.names).items():
            if isinstance(node, File):
                yield path / name, node.kept
            else:
                yield from self._walk(node, path / name, kept=kept)

    def _node(self, path: str) -> File | Folder | None:
        if PurePosixPath(path) == self._root:
            return self._top
        folder, name = self._parent(path)
        return None if folder is None else folder.names.get(name)

    def _parent(self, path: str) -> tuple[Folder | None, str]:
        parts = self._parts(path)
        folder: File | Folder | None = self._top if parts else None
        for name in parts[:-1]:
            folder = folder.names.get(name) if isinstance(folder, Folder) else None
        return (folder, parts[-1]) if isinstance(folder, Folder) else (None, "")

    def _parts(self, path: str) -> tuple[str, ...]:
        try:
            return PurePosixPath(path).relative_to(self._root).parts
        except ValueError:
            return ()
