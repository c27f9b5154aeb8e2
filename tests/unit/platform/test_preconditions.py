"""`If-Match` and fingerprints."""

import pytest

from crosslook.platform.errors import PreconditionFailed, PreconditionRequired
from crosslook.platform.preconditions import check_match, etag, fingerprint


@pytest.mark.parametrize("sent", ['"3"', "3", "*", '"2", "3"', ' "3" '])
def test_these_name_version_3(sent: str) -> None:
    check_match(sent, 3, required=True)


@pytest.mark.parametrize("sent", ['"2"', "", 'W/"3"', '"33"', '"3', "three", '"2","4"'])
def test_these_do_not(sent: str) -> None:
    with pytest.raises(PreconditionFailed) as caught:
        check_match(sent, 3, required=True)
    assert caught.value.problem.values == {"current": 3, "sent": sent}


def test_what_was_sent_is_told_back_shortened() -> None:
    with pytest.raises(PreconditionFailed) as caught:
        check_match("x" * 5000, 3, required=False)
    assert caught.value.problem.values["sent"] == "x" * 100


def test_it_is_needed_only_where_it_is_required() -> None:
    check_match(None, 3, required=False)
    with pytest.raises(PreconditionRequired):
        check_match(None, 3, required=True)


def test_an_entity_tag_is_the_version_in_quotes() -> None:
    assert etag(12) == '"12"'


def test_order_and_spacing_make_no_other_body() -> None:
    assert fingerprint({"a": 1, "b": [1, 2]}) == fingerprint({"b": [1, 2], "a": 1})
    assert fingerprint({"a": 1, "b": [1, 2]}) != fingerprint({"a": 1, "b": [2, 1]})
