"""The Kafka and the database that stored state belongs to: offsets and build numbers are valid only with both."""

from collections.abc import Mapping

from crosslook.contracts.schemas import Contract


class KafkaIdentity(Contract):
    """The cluster's id, and by topic the id that the broker drew when the topic was created. "" is unknown."""

    cluster: str = ""
    topics: Mapping[str, str] = {}

    def differs(self, other: "KafkaIdentity") -> str:
        """The first difference of what both sides know: a topic's name, or `cluster`; "" if there is none."""
        for name, topic_id in sorted(self.topics.items()):
            if topic_id and (found := other.topics.get(name)) and found != topic_id:
                return name
        return "cluster" if self.cluster and other.cluster and self.cluster != other.cluster else ""
