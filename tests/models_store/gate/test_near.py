"""Documents that are nearly the same, and those that only look it."""

from __future__ import annotations

from models_store.gate.near import near_duplicates, shingles

LETTER = " ".join(f"word{n} of the letter" for n in range(40)) + " Total 12.50"
BILL = "ACME Ltd Invoice {n} of {day} May\nTea {n}.50 Cake {day}.20\nTotal {n}{day}.70 please pay by {day} June"


def test_the_same_letter_scanned_again_is_found() -> None:
    again = LETTER.replace("word7", "w0rd7").upper().replace(" ", "\n")
    (twin,) = near_duplicates({"t": LETTER, "u": "something else altogether, as long as this"}, {"x": again})
    assert (twin.test, twin.train) == ("x", "t")
    assert 0.8 < twin.share < 1


def test_control_other_bills_of_the_same_sender_are_other_documents() -> None:
    train = {f"t{n}": BILL.format(n=n, day=n + 3) for n in range(20)}
    assert near_duplicates(train, {"x": BILL.format(n=77, day=28)}) == ()
    assert near_duplicates(train, {"x": train["t4"]})[0].train == "t4"


def test_the_nearest_is_named() -> None:
    nearer = LETTER + " postscript"
    (twin,) = near_duplicates(
        {"far": LETTER.replace("word3", "x").replace("word9", "y"), "near": nearer}, {"x": LETTER}
    )
    assert twin.train == "near"


def test_short_and_empty_texts() -> None:
    assert shingles("") == frozenset()
    assert near_duplicates({"t": ""}, {"x": ""}) == ()
    assert near_duplicates({"t": "Total 5"}, {"x": "total: 5"})[0].share == 1.0
