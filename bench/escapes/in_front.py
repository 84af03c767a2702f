"""The reading process with a folder in front of its modules: what lies there takes the place of a parser's library.

    python -m bench.escapes.in_front FOLDER KIND LIMITS

It is the product's child otherwise, with all its walls: only the folder of modules was put there by somebody else.
"""

from __future__ import annotations

import sys

from extraction.read import child


def main() -> int:
    sys.path.insert(0, sys.argv[1])
    return child.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
