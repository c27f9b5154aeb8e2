"""docs/reference/topics.md."""

from crosslook.contracts.topics import RECORDS, TOPICS, Topic
from docs.pages.markdown import code, page, table

_INTRODUCTION = (
    "`crosslook topics` creates what is missing and checks every property below; it never alters an existing topic. It "
    "names each property that differs, with the value found, the value expected and the command that changes it. A "
    "property that endangers data makes it exit with status 1 and makes every service refuse to start; a greater value "
    "than a minimum is reported only.",
    "The replication factor is at least the setting `CROSSLOOK_KAFKA__REPLICATION_FACTOR`. `min.insync.replicas` is at "
    "least the setting `CROSSLOOK_KAFKA__MIN_INSYNC_REPLICAS`; where that is unset, 2 for a topic with three replicas "
    "or more, else 1.",
    "The brokers' `offsets.retention.minutes` should be twice `retention.ms` of `crosslook-records`: a lower value is "
    "reported where the brokers show it.",
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
