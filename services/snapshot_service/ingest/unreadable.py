"""Messages that cannot be read, as the quarantine keeps them."""

from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Quarantined, Refused
from crosslook.platform.kafka import RawMessage, UnreadableMessage


def quarantined(refused: Refused, address: Address, message: RawMessage) -> Quarantined:
    """A refused message with its bytes. What cannot be read at all has no other reason than that."""
    if not isinstance(message, UnreadableMessage):
        return Quarantined(refused, address, message.value, message.headers, message.key)
    values: dict[str, str | int] = {"first": message.offset, "last": message.last_offset, "limit": message.limit}
    text = f"too_large.{message.reason}" if message.code == "too_large" else f"unreadable.{message.reason}"
    problem = Problem(message.code, text=text, values=values)
    return Quarantined(Refused(problem), address, message.payload, message.headers, message.key)
