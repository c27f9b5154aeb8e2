"""The tables that snapshot_service owns. Tables of layouts are created and never altered: a changed schema is another
layout. The service's own tables change by migrations."""

import re
from collections.abc import Iterable, Mapping

from crosslook.contracts.layouts import Layout
from crosslook.contracts.manifests import BUILDS_A_RUN, ENTRY_COLUMNS

STAGING_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "LowCardinality(String)"),
    ("object", "LowCardinality(String)"),
    ("record", "String"),
    ("kind", "UInt8"),
    ("event_time", "DateTime64(3, 'UTC')"),
    ("sequence", "Int64"),
    ("source", "LowCardinality(String)"),
    ("event_id", "String"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
    ("schema_version", "UInt32"),
    ("fields", "String"),
    ("references", "String"),
    ("external_ids", "Array(String)"),
    ("received_at", "DateTime64(3, 'UTC')"),
)

QUARANTINE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "String"),
    ("tenant", "String"),
    ("object", "String"),
    ("record", "String"),
    ("source", "String"),
    ("event_id", "String"),
    ("code", "LowCardinality(String)"),
    ("pointer", "String"),
    ("text", "LowCardinality(String)"),
    ("values", "String"),
    ("received_at", "DateTime64(3, 'UTC')"),
    ("topic", "LowCardinality(String)"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
    ("payload", "String"),
    ("header_names", "Array(String)"),
    ("header_values", "Array(String)"),
    ("key", "String"),
)

RESOLUTION_COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "String"),
    ("tenant", "String"),
    ("action", "LowCardinality(String)"),
    ("reason", "String"),
    ("by", "String"),
    ("at", "DateTime64(3, 'UTC')"),
)
"""What became of rows of `quarantine`, why, by whose token: gone when replayed, discarded or recoded, which is to say
that they are there once more for another reason; still there while replaying. A sweep takes rows that are gone out of
`quarantine`."""

CONTROL_COLUMNS: tuple[tuple[str, str], ...] = (
    ("at", "DateTime64(3, 'UTC')"),
    ("action", "LowCardinality(String)"),
    ("tenant", "String"),
    ("source", "String"),
    ("refused", "UInt64"),
    ("of", "UInt64"),
    ("by", "String"),
)
"""What all ingest workers follow: a sender was `diverted` (by so many refusals of so many events), or `resumed`; with
an empty tenant and source everything was resumed. `at` is the engine's clock, which the workers share."""

LEFT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "String"),
    ("source", "String"),
    ("code", "LowCardinality(String)"),
    ("topic", "LowCardinality(String)"),
    ("partition", "UInt16"),
    ("offsets", "Array(UInt64) CODEC(Delta, ZSTD)"),
    ("oldest", "DateTime64(3, 'UTC')"),
    ("newest", "DateTime64(3, 'UTC')"),
)
"""Refused events whose payload is on Kafka only, because their tenant's quarantine is full."""

META_COLUMNS: tuple[tuple[str, str], ...] = (
    ("key", "String"),
    ("version", "UInt64"),
    ("value", "String"),
    ("at", "DateTime64(3, 'UTC')"),
)
"""Facts about the database as a whole, by key; the greatest version counts. Rows are only added."""

WORK_COLUMNS: tuple[tuple[str, str], ...] = (
    ("build", "UInt64"),
    ("tenant", "String"),
    ("object", "String"),
    ("previous_build", "UInt64"),
)
"""Which objects the statement that writes `build` is about; rows of a run are dropped when it ends."""

ALIAS_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "String"),
    ("reference", "String"),
    ("targets", "Array(String)"),
    ("version", "UInt64"),
    ("changed_at", "DateTime64(3, 'UTC')"),
)
"""Which references stand for others: the row with the greatest `version` counts, and without targets it is not an
alias any more. `changed_at`: since when the reference has these targets."""

FACT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "LowCardinality(String)"),
    ("integration", "LowCardinality(String)"),
    ("record", "String"),
    ("key", "String"),
    ("digest", "String"),
    ("mapper", "UInt32"),
    ("kind", "String"),
    ("time_ms", "Int64"),
    ("order", "Int64"),
    ("version", "Int64"),
    ("related", "Array(String)"),
    ("data", "String CODEC(ZSTD)"),
    ("received_at", "DateTime64(3, 'UTC')"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
    ("life", "LowCardinality(String)"),
)
"""What the messages of connected integrations state about records: a set, in which each distinct statement is once.
`integration`: the tenant's name for the connection. `digest`: of what the fact says, and of the mapper that read it.
`mapper` 0: nothing but the other end of a `related`. `partition`, `offset`: of the message on the webhooks topic.
`life`: that of the connection (`ObjectLife`); "" of what an earlier release stored."""

WEBHOOK_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "LowCardinality(String)"),
    ("integration", "LowCardinality(String)"),
    ("received_at", "DateTime64(3, 'UTC')"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
    ("outcome", "LowCardinality(String)"),
    ("code", "LowCardinality(String)"),
    ("facts", "UInt32"),
    ("records", "UInt32"),
)
"""What became of each message of an integration: `facts`, `ignored` or `refused`, with the code of the refusal, how
many facts it stated, and how many record events were published because of it."""

FOLD_COLUMNS: tuple[tuple[str, str], ...] = (
    ("tenant", "String"),
    ("integration", "String"),
    ("mark", "String"),
    ("object", "String"),
    ("at", "DateTime64(3, 'UTC')"),
)
"""By which state of a connection, and into which object, all of its records were folded last."""

SERVICE_COLUMNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "crosslook_meta": META_COLUMNS,
    "record_log": STAGING_COLUMNS,
    "quarantine": QUARANTINE_COLUMNS,
    "quarantine_resolutions": RESOLUTION_COLUMNS,
    "ingest_controls": CONTROL_COLUMNS,
    "left_on_kafka": LEFT_COLUMNS,
    "snapshot_entries": ENTRY_COLUMNS,
    "refresh_work": WORK_COLUMNS,
    "link_aliases": ALIAS_COLUMNS,
    "integration_facts": FACT_COLUMNS,
    "webhook_outcomes": WEBHOOK_COLUMNS,
    "integration_folds": FOLD_COLUMNS,
}
"""The service's own tables: everything but layouts."""

REPEAT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("received_at", "DateTime64(3, 'UTC')"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
)
"""Events that do not count, as one with the same source and id came before."""

RUNS_OWN = ("refresh_contacts_", "refresh_repeats_", "refresh_aliases_", "refresh_moved_", "refresh_moves_")
"""How the names of tables begin that only a run needs; they end in one of its build numbers."""

LAYOUT_TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'records_')"
"""Names of the layouts' tables that exist."""

POSITIONED_TABLES = ("record_log", "quarantine", "quarantine_resolutions", "left_on_kafka")
"""Tables whose rows, ids and insert tokens name positions in the records topic."""

SET_ASIDE = "set_aside_"
"""How the names of tables begin that a recovery took out of use. Nothing reads or drops them."""

_SET_ASIDE_NAME = re.compile(rf"{SET_ASIDE}([0-9]+)_")

SET_ASIDE_TABLES = """
SELECT name, toUInt64(ifNull(total_rows, 0)) FROM system.tables
WHERE database = currentDatabase() AND startsWith(name, 'set_aside_') ORDER BY name
"""

_DEDUPLICATED = "SETTINGS non_replicated_deduplication_window = 1000"
"""A retried insert of the same chunk is stored once; correctness does not rest on it (ARCHITECTURE 5)."""

_FACT_ORDER = "tenant, integration, record, key, digest, life"
_STORED: Mapping[str, str] = {
    "crosslook_meta": f"ENGINE = MergeTree ORDER BY (key, version) {_DEDUPLICATED}",
    "record_log": "ENGINE = MergeTree PARTITION BY toYYYYMMDD(received_at) "
    f"ORDER BY (tenant, object, record, event_time, sequence, partition, offset) {_DEDUPLICATED}",
    "quarantine": f"ENGINE = MergeTree PARTITION BY toYYYYMM(received_at) ORDER BY (tenant, id) {_DEDUPLICATED}",
    "quarantine_resolutions": "ENGINE = MergeTree ORDER BY (tenant, id)",
    "ingest_controls": "ENGINE = MergeTree ORDER BY (tenant, source, at)",
    "left_on_kafka": "ENGINE = MergeTree PARTITION BY toYYYYMM(newest) "
    f"ORDER BY (tenant, source, code) {_DEDUPLICATED}",
    "snapshot_entries": "ENGINE = MergeTree PARTITION BY snapshot ORDER BY (snapshot, tenant, object)",
    "refresh_work": f"ENGINE = MergeTree PARTITION BY intDiv(build, {BUILDS_A_RUN}) ORDER BY (build, tenant, object)",
    "link_aliases": "ENGINE = ReplacingMergeTree(version) ORDER BY (tenant, reference) "
    f"{_DEDUPLICATED}, index_granularity = 1024",
    # Facts are read by record, a few hundred records at once: a block of 8,192 rows for each would be most of the work.
    "integration_facts": f"ENGINE = ReplacingMergeTree ORDER BY ({_FACT_ORDER}) SETTINGS index_granularity = 512",
    "webhook_outcomes": "ENGINE = ReplacingMergeTree PARTITION BY toYYYYMMDD(received_at) "
    "ORDER BY (tenant, integration, received_at, partition, offset) TTL toDateTime(received_at) + toIntervalDay(31)",
    "integration_folds": "ENGINE = ReplacingMergeTree(at) ORDER BY (tenant, integration)",
}
"""How the service's own tables are stored."""


_EVENT_IDS = "event_ids event_id TYPE bloom_filter(0.0001) GRANULARITY 4"
ADD_FACT_LIFE = (
    "ALTER TABLE integration_facts ADD COLUMN IF NOT EXISTS life LowCardinality(String), "
    f"MODIFY ORDER BY ({_FACT_ORDER})"
)
ADD_EVENT_IDS = f"ALTER TABLE record_log ADD INDEX IF NOT EXISTS {_EVENT_IDS}"
"""Staging is not ordered by the identities of events: this index leaves out the blocks without an id. Of parts that
were written before it was added every block is read, until they are merged or dropped."""
_INDEXES = {
    "record_log": f", INDEX {_EVENT_IDS}",
    "link_aliases": ", INDEX changed changed_at TYPE minmax GRANULARITY 1",
}


def _columns(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in columns)


def service_tables() -> list[str]:
    """CREATE statements of everything but layouts; running them again changes nothing."""
    made = {
        name: f"CREATE TABLE IF NOT EXISTS {name} ({_columns(columns)}{_INDEXES.get(name, '')})"
        for name, columns in SERVICE_COLUMNS.items()
    }
    return [f"{statement} {_STORED[name]}" for name, statement in made.items()]


def set_aside_name(number: int, table: str) -> str:
    """The name of a table that the recovery of this number took out of use."""
    return f"{SET_ASIDE}{number:d}_{table}"


def set_aside_numbers(tables: Iterable[str]) -> frozenset[int]:
    """The numbers under which every positioned table was set aside."""
    there = set(tables)
    numbers = {int(found.group(1)) for name in there if (found := _SET_ASIDE_NAME.match(name))}
    return frozenset(n for n in numbers if all(set_aside_name(n, table) in there for table in POSITIONED_TABLES))


def layout_table(layout: Layout) -> str:
    """The CREATE statement of a layout's table; running it again changes nothing."""
    return (
        f"CREATE TABLE IF NOT EXISTS {layout.table} ({_columns(layout.columns)}) ENGINE = MergeTree "
        "PARTITION BY build ORDER BY (tenant, object, record)"
    )


def contact_index_name(base: int) -> str:
    """The name of a run's index of contacts by reference."""
    return f"refresh_contacts_{base:d}"


def contact_index_table(base: int) -> str:
    """The CREATE statement of a run's index: in memory while it exists, and read with `joinGet`."""
    return (
        f"CREATE TABLE {contact_index_name(base)} (tenant String, reference String, record String) "
        "ENGINE = Join(ANY, LEFT, tenant, reference) SETTINGS persistent = 0"
    )


def repeats_name(number: int) -> str:
    """The name of what a run finds of repeats: under its first build number, and under the next when it verifies."""
    return f"refresh_repeats_{number:d}"


def repeats_table(number: int) -> str:
    """The CREATE statement of a run's repeats: on disk, because they must survive a restart of the engine."""
    return f"CREATE TABLE {repeats_name(number)} ({_columns(REPEAT_COLUMNS)}) ENGINE = MergeTree ORDER BY tuple()"
