"""Values as conditions give them."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from services.query_service.domain.values import any_number, field_number


@pytest.mark.parametrize(
    ("read", "sent"),
    [(any_number, -0.0), (any_number, "-0"), (any_number, "-0.00"), (any_number, "-1e-400"), (field_number, -0.0)],
)
def test_zero_has_no_sign(read: Callable[[Any], float], sent: Any) -> None:
    found = read(sent)
    assert (found, math.copysign(1, found)) == (0.0, 1.0)
