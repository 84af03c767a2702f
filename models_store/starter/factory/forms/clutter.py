"""Lines that no field asks for, in the poor print of scanned forms."""

from __future__ import annotations

from random import Random

_STRAY = ("·", "'", "|", ".", "•", ",", "-", "_", "^", "~", "—", "!", ";", ":", "«")
_SWAPS = {"th": "tli", "rn": "m", "li": "h", "e": "c", "l": "1", "o": "0", "in": "iii", "d": "cl", "ti": "d", "s": "5"}


def poor(text: str, random: Random, share: float = 0.12) -> str:
    """The text as a bad reader gives it: words glued, cut and misread. Not for marked values."""
    out: list[str] = []
    for word in text.split(" "):
        if random.random() > share:
            out.append(word)
            continue
        match random.randrange(5):
            case 0 if out:
                out[-1] += word
            case 1 if len(word) > 4:
                cut = random.randint(1, len(word) - 2)
                out += [word[:cut], word[cut:]]
            case 2:
                old = random.choice(list(_SWAPS))
                out.append(word.replace(old, _SWAPS[old], 1))
            case 3:
                out += [word, random.choice(_STRAY)]
            case _:
                out.append(word[:-1] if len(word) > 3 else word)
    return " ".join(out)


def stray(random: Random) -> str:
    """A few marks that are no words."""
    return " ".join(random.choice(_STRAY) for _ in range(random.randint(1, 5)))
