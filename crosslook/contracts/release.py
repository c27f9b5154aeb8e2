"""Which release this is, and which format of stored documents it writes and reads."""

from typing import Final

RELEASE: Final = "0.1.0"
"""Written beside every stored document, so that an older release can name the one that reads it."""

FORMAT: Final = 1
"""The newest format of stored documents that this release reads, and the one it writes.

It grows by one when a release writes what the release before it cannot read: a new field type, a new state, a member
that must not be ignored. Documents written before formats existed have none and count as format 1.
"""
