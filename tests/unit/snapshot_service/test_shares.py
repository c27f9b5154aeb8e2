"""Work in shares of a bounded weight."""

from hypothesis import given
from hypothesis import strategies as st

from services.snapshot_service.domain.shares import shares


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 20)), st.integers(1, 30))
def test_every_key_is_in_one_share_and_only_a_heavy_key_makes_one_too_heavy(weights: dict[str, int], most: int) -> None:
    cut = list(shares(weights, most))
    assert sorted(key for share in cut for key in share) == sorted(weights)
    assert all(len(share) == 1 or sum(weights[key] for key in share) <= most for share in cut)


def test_what_fits_is_one_share() -> None:
    assert list(shares({"a": 2, "b": 3}, 5)) == [{"a", "b"}]
    assert list(shares({"a": 2, "b": 3}, 4)) == [{"a"}, {"b"}]
