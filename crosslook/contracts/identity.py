"""Which Kafka and which database state belongs to: offsets and build numbers of one life mean nothing in another."""

from collections.abc import Mapping

from crosslook.contracts.schemas import Contract


class KafkaIdentity(Contract):
    """The cluster's id, and by topic the id that the broker drew when the topic was created. "" is unknown."""

    cluster: str = ""
    topics: Mapping[str, str] = {}

    def differs(self, other: "KafkaIdentity") -> str:
        """The first thing that is known on both sides and differs: a topic's name, or `cluster`; "" when none does."""
        for name, topic_id in sorted(self.topics.items()):
            if topic_id and (found := other.topics.get(name)) and found != topic_id:
                return name
        return "cluster" if self.cluster and other.cluster and self.cluster != other.cluster else ""
