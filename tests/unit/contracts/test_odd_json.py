"""JSON that nothing can hold is told from what is no JSON, with its places and in bounded work."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts import odd_json
from crosslook.contracts.odd_json import odd_places, read_odd, repeats_a_name


def places(data: bytes, *, repeated: bool = False) -> list[tuple[str, str]]:
    """Place and text of everything odd in a document."""
    return [(place.pointer, place.text) for place in odd_places(read_odd(data, repeated=repeated))]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"1e400", [("", "out_of_range.double")]),
        (b'{"a": [1, -1e400]}', [("/a/1", "out_of_range.double")]),
        (b'{"a": 1' + b"0" * 5000 + b"}", [("/a", "out_of_range.double")]),
        (b'{"a": 1' + b"0" * 5000 + b".5}", [("/a", "out_of_range.double")]),
        (b'{"a": 1e99999999999999999999}', [("/a", "out_of_range.double")]),
        (b'"\\ud800"', [("", "wrong_type.half_pair")]),
        (b'[{"a/b": "x\\udc00\\ud800"}]', [("/0/a~1b", "wrong_type.half_pair")]),
        (b'{"\\ud800": 1}', [("/?", "wrong_type.half_pair_name")]),
        (b'{"b": [[], {}, 1e999], "a": "\\ud800"}', [("/b/2", "out_of_range.double"), ("/a", "wrong_type.half_pair")]),
        (b"[" * 900 + b"1e999" + b"]" * 900, [("/0" * 900, "out_of_range.double")]),
    ],
)
def test_what_is_odd_is_found_with_its_place(data: bytes, found: list[tuple[str, str]]) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(data)
    assert places(data) == found


@pytest.mark.parametrize(
    "data",
    [b'"\\ud83d\\ude00"', "\U0001f600é".encode().join([b'"', b'"']), b"1e308", b"1e-400", b"1" * 308, b'{"a":{}}'],
)
def test_what_can_be_held_is_not_odd(data: bytes) -> None:
    orjson.loads(data)
    assert places(data, repeated=True) == []


@pytest.mark.parametrize(
    "data", [b"", b"{", b"NaN", b"[-Infinity]", b"[1,]", b"\xff", b"01", b'"\n"', b"\xef\xbb\xbf{}"]
)
def test_what_is_not_json_is_not_read(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        read_odd(data)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"limit": 1, "limit": 1}', ["/limit"]),
        (b'[{"a": {"b": 1, "c": 2, "b": 3}, "a": {"d": 1, "d": 1}}]', ["/0/a", "/0/a/d"]),
        (b'{"a": 1, "\\u0061": 2}', ["/a"]),
        (b'{"a": {"a": 1}, "b": [{"c": 1}, {"c": 1}]}', []),
    ],
)
def test_a_name_that_stands_twice_is_found(data: bytes, found: list[str]) -> None:
    assert places(data, repeated=True) == [(place, "bad_value.member_twice") for place in found]
    assert repeats_a_name(data) is bool(found)
    assert places(data) == []


_ODD = st.sampled_from(["1e400", "-1e999", '"\\ud800"', '"a\\udfff"'])
_JSON = st.recursive(
    st.builds(json.dumps, st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text()) | _ODD,
    lambda inner: (
        st.lists(inner, max_size=5).map(lambda parts: f"[{','.join(parts)}]")
        | st.dictionaries(st.text("abc/~", max_size=2), inner, max_size=5).map(
            lambda parts: f"{{{','.join(f'{json.dumps(name)}:{value}' for name, value in parts.items())}}}"
        )
    ),
)


@given(_JSON)
def test_what_orjson_refuses_though_it_is_json_is_odd_and_nothing_else_is(text: str) -> None:
    try:
        orjson.loads(text)
        refused = False
    except orjson.JSONDecodeError:
        refused = True
    assert bool(places(text.encode())) is refused


def test_a_place_is_looked_for_among_so_many_members_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odd_json, "MEMBERS_MAX", 10)
    assert places(b"[1e400" + b",1" * 8 + b"]") == [("/0", "out_of_range.double")]
    assert places(b"[" + b"1," * 8 + b"1e400]") == [("/8", "out_of_range.double")]
    assert places(b"[" + b"1," * 9 + b"1e400]") == [("", "wrong_type.odd")]
    assert places(b"[" + b"[]," * 5 + b"[[1,1,1,1]],1e400]") == [("", "wrong_type.odd")]
