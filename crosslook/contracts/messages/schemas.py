"""Sentences of the schema service."""

from crosslook.contracts.messages.base import Message

SCHEMAS: dict[str, Message] = {}
