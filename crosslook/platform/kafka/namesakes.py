"""Detects a second group member with the same name, and ends the older one.

Kafka gives a static member's place to whoever joins under its name last, and answers the older one FENCED_INSTANCE_ID.
aiokafka does not know that answer, and its heartbeats, which do not tell the name, get UNKNOWN_MEMBER_ID: the older one
would join again, be the younger one then, and so on for ever, each reading again what the other had not committed.
"""

import asyncio

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from crosslook.platform.errors import StopService
from crosslook.platform.kafka.client import client_options
from crosslook.platform.settings import KafkaSettings

_UUID_LENGTH = 36
"""Brokers make the id of a static member from its name, a dash and a UUID."""


class NameWatch:
    """Watches whether a member still owns its name. Does nothing for a member without a name (`instance_id` None)."""

    def __init__(
        self, consumer: AIOKafkaConsumer, group: str, instance_id: str | None, settings: KafkaSettings
    ) -> None:
        self._consumer = consumer
        self._group = group
        self._name = instance_id
        self._settings = settings
        self._member = ""
        self._taken = False

    def joined(self) -> None:
        """Remember the member id that the group assigned."""
        self._member = self._consumer._coordinator.member_id

    def require_ours(self) -> None:
        """Raises StopService where another member has taken our name."""
        if self._taken:
            raise StopService(
                f"another worker joined the group {self._group} under our name {self._name!r}: the older one ends, and "
                "each worker needs a name of its own"
            )

    async def look(self, error: KafkaError) -> None:
        """Ask the group for the owner of the name, after an error that may mean a second member. Raises StopService."""
        coordinator = self._consumer._coordinator  # None as long as no broker has answered
        if type(error) is KafkaError and coordinator is not None:
            self._taken = self._taken or await self._has_namesake(coordinator.member_id or self._member)
        self.require_ours()

    async def before_joining(self) -> None:
        """Called before the group is joined, again or for the first time: leave it to our namesake where we have one.

        The group knows us no more where aiokafka has dropped the member's id; a session that ran out does that, too.
        """
        if self._consumer._coordinator.member_id or not self._member or not await self._has_namesake(self._member):
            return
        self._taken = True
        # A read may be waiting for the next assignment; there is none.
        self._consumer._subscription.abort_waiters(KafkaError("our name was taken"))
        # Whatever else a listener raises is logged and the group joined again; this ends aiokafka's part in the group.
        raise asyncio.CancelledError

    async def _has_namesake(self, own: str) -> bool:
        if self._name is None:
            return False
        admin = AIOKafkaAdminClient(**client_options(self._settings, "crosslook-names"))
        try:
            await admin.start()
            answers = await admin.describe_consumer_groups([self._group])
        except KafkaError:  # whoever cannot ask joins again: the namesake then is the older one and finds out
            return False
        finally:
            await admin.close()
        members = [member[0] for answer in answers for group in answer.groups for member in group[5]]
        return any(member[: -_UUID_LENGTH - 1] == self._name and member != own for member in members)
