"""Names of tiles in a folder: C2SP tlog-tiles, with `tile/<level>/<index>` as docs/audit-format.md says."""

from __future__ import annotations

from appliance.audit.tree.merkle import TILE_WIDTH


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """`tile/0/x001/067`; a tile of fewer than 256 hashes ends with `.p/<width>`."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    path = f"tile/{level}/{'/'.join(groups)}"
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def edge_widths(size: int) -> list[tuple[int, int, int]]:
    """(level, index, width) of the tiles of a tree of `size` leaves that are not full, lowest level first."""
    found, level, count = [], 0, size
    while count:
        if count % TILE_WIDTH:
            found.append((level, count // TILE_WIDTH, count % TILE_WIDTH))
        level, count = level + 1, count // TILE_WIDTH
    return found
