"""docs/reference/topics.md."""

from crosslook.contracts.topics import RECORDS, TOPICS, Topic
from docs.pages.markdown import code, page, table

_INTRODUCTION = (
    "`crosslook topics` creates missing topics and checks every property below. It never alters an existing topic. "
    "It shows each property that differs, with the value found, the value expected and the command that changes "
    "it. A property that endangers data makes it exit with status 1 and makes every service refuse to start. A "
    "value above a minimum is only reported.",
    "The replication factor is at least the setting `CROSSLOOK_KAFKA__REPLICATION_FACTOR`. `min.insync.replicas` is "
    "at least the setting `CROSSLOOK_KAFKA__MIN_INSYNC_REPLICAS`, by default 2 for a topic with three replicas or "
    "more, else 1.",
    "Set `offsets.retention.minutes` of the brokers to twice `retention.ms` of `crosslook-records`. A lower value is "
    "reported if the brokers show it.",
)


def render() -> str:
    """The page."""
    return page("Topics", *_INTRODUCTION, *(part for topic in TOPICS for part in _section(topic)))


def _section(topic: Topic) -> tuple[str, str]:
    partitions = str(topic.partitions)
    if topic is RECORDS:
        partitions += " (setting `CROSSLOOK_KAFKA__RECORDS_PARTITIONS`)"
    facts = [
        ("Key", code(topic.key)),
        ("Partitions", partitions),
        ("Written by", ", ".join(topic.writers)),
        ("Read by", ", ".join(topic.readers)),
        ("Configuration", ", ".join(code(str(declared)) for declared in topic.properties if not declared.minimum)),
        ("Minimum", ", ".join(code(str(declared)) for declared in topic.properties if declared.minimum)),
    ]
    return f"## {topic.name}", table(("", ""), facts)
