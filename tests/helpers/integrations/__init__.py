"""Integrations that only tests have. `install` puts them beside those of the product."""

from pathlib import Path

import crosslook.integrations
from crosslook.integrations.catalog import integrations


def install() -> None:
    """From now on this process finds the folders of this package as integrations."""
    folder = str(Path(__file__).parent)
    if folder not in crosslook.integrations.__path__:
        crosslook.integrations.__path__.append(folder)
        integrations.cache_clear()
