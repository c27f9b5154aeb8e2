"""Sentences of the snapshot service."""

from crosslook.contracts.messages.base import Message

SNAPSHOTS: dict[str, Message] = {}
