"""Sentences of the query service."""

from crosslook.contracts.messages.base import Message

QUERY: dict[str, Message] = {}
