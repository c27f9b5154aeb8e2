"""The jars that Maven resolved for the embedded broker, as `make setup` leaves them."""

import re

from crosslook.local.broker import LIBRARY

MENDED = (1, 11, 1)
"""The first lz4-java to which CVE-2026-59949 does not apply."""


def test_the_broker_has_one_lz4_and_it_is_mended() -> None:
    names = [jar.name for jar in (LIBRARY / "target" / "libs").glob("lz4*.jar")]
    versions = [re.fullmatch(r"lz4-java-(\d+)\.(\d+)\.(\d+)\.jar", name) for name in names]
    (found,) = [tuple(int(part) for part in version.groups()) for version in versions if version is not None]
    assert len(names) == 1
    assert found >= MENDED
