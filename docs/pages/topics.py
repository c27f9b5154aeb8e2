"""docs/reference/topics.md."""

from crosslook.contracts.topics import RECORDS, TOPICS, Topic
from docs.pages.markdown import code, page, table

_INTRODUCTION = (
    "`crosslook topics` creates what is missing and checks what is there; it never alters an existing topic. A service "
    "refuses to start on a topic whose `cleanup.policy` is wrong. The replication factor is the setting "
    "`CROSSLOOK_KAFKA__REPLICATION_FACTOR`."
)


def render() -> str:
    """The page."""
    return page("Topics", _INTRODUCTION, *(part for topic in TOPICS for part in _section(topic)))


def _section(topic: Topic) -> tuple[str, str]:
    partitions = str(topic.partitions)
    if topic is RECORDS:
        partitions += " (setting `CROSSLOOK_KAFKA__RECORDS_PARTITIONS`)"
    facts = [
        ("Key", code(topic.key)),
        ("Partitions", partitions),
        ("Written by", ", ".join(topic.writers)),
        ("Read by", ", ".join(topic.readers)),
        ("Configuration", ", ".join(code(f"{name}={value}") for name, value in topic.config.items())),
    ]
    return f"## {topic.name}", table(("", ""), facts)
