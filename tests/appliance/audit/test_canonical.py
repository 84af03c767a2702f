from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.audit.canonical import canonical_bytes, commitment

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
CANONICAL = st.recursive(TEXT | st.integers(), lambda inner: st.dictionaries(TEXT, inner), max_leaves=12)
RECORDS = st.dictionaries(TEXT, CANONICAL)


@given(RECORDS)
def test_canonical_bytes_say_the_same_as_the_record(record):
    assert json.loads(canonical_bytes(record)) == record


@given(RECORDS)
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(record):
    turned = dict(reversed(record.items()))

    assert canonical_bytes(turned) == canonical_bytes(record)


@given(RECORDS, RECORDS)
def test_canonical_bytes_differ_when_records_differ(one, other):
    assert (canonical_bytes(one) == canonical_bytes(other)) == (one == other)


def test_canonical_bytes_are_sorted_utf8_without_blanks():
    assert canonical_bytes({"b": "é", "a": {"y": 1, "x": 2}}) == '{"a":{"x":2,"y":1},"b":"é"}'.encode()


@pytest.mark.parametrize("value", [1.5, True, None, ["a"], ("a",), b"a"])
def test_canonical_bytes_refuse_what_has_more_than_one_spelling(value):
    with pytest.raises(TypeError):
        canonical_bytes({"deep": {"key": value}})


def test_canonical_bytes_refuse_keys_that_are_no_strings():
    with pytest.raises(TypeError, match="key 1 is not a string"):
        canonical_bytes({1: "a"})


@given(TEXT, TEXT, TEXT)
def test_commitment_binds_the_value_and_the_salt(value, other, salt):
    assert (commitment(value, salt) == commitment(other, salt)) == (value == other)
    assert commitment(value, salt) != commitment(value, f"{salt}x")


def test_commitment_tells_an_absent_value_from_an_empty_one():
    assert commitment(None, "salt") != commitment("", "salt")
