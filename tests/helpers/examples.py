"""The number of random examples of a property test: few before a change lands, many in nightly runs."""

import os

NIGHTLY = os.environ.get("CROSSLOOK_TEST_NIGHTLY") == "1"


def examples(quick: int, nightly: int) -> int:
    """`nightly` where CROSSLOOK_TEST_NIGHTLY=1, else `quick`."""
    return nightly if NIGHTLY else quick
