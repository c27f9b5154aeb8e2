-- crosslook_meta
CREATE TABLE IF NOT EXISTS crosslook_meta (`key` String, `version` UInt64, `value` String, `at` DateTime64(3, 'UTC'))
ENGINE = MergeTree
ORDER BY (key, version)
SETTINGS non_replicated_deduplication_window = 1000

-- record_log
CREATE TABLE IF NOT EXISTS record_log (
  `tenant` LowCardinality(String),
  `object` LowCardinality(String),
  `record` String,
  `kind` UInt8,
  `event_time` DateTime64(3, 'UTC'),
  `sequence` Int64,
  `source` LowCardinality(String),
  `event_id` String,
  `partition` UInt16,
  `offset` UInt64,
  `schema_version` UInt32,
  `fields` String,
  `references` String,
  `external_ids` Array(String),
  `received_at` DateTime64(3, 'UTC'),
  INDEX event_ids event_id TYPE bloom_filter(0.0001) GRANULARITY 4
)
ENGINE = MergeTree PARTITION BY toYYYYMMDD(received_at)
ORDER BY (tenant, object, record, event_time, sequence, partition, offset)
SETTINGS non_replicated_deduplication_window = 1000

-- quarantine
CREATE TABLE IF NOT EXISTS quarantine (
  `id` String,
  `tenant` String,
  `object` String,
  `record` String,
  `source` String,
  `event_id` String,
  `code` LowCardinality(String),
  `pointer` String,
  `text` LowCardinality(String),
  `values` String,
  `received_at` DateTime64(3, 'UTC'),
  `topic` LowCardinality(String),
  `partition` UInt16,
  `offset` UInt64,
  `payload` String,
  `header_names` Array(String),
  `header_values` Array(String),
  `key` String
)
ENGINE = MergeTree PARTITION BY toYYYYMM(received_at)
ORDER BY (tenant, id)
SETTINGS non_replicated_deduplication_window = 1000

-- quarantine_resolutions
CREATE TABLE IF NOT EXISTS quarantine_resolutions (
  `id` String, `tenant` String, `action` LowCardinality(String), `reason` String, `by` String, `at` DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (tenant, id)

-- ingest_controls
CREATE TABLE IF NOT EXISTS ingest_controls (
  `at` DateTime64(3, 'UTC'),
  `action` LowCardinality(String),
  `tenant` String,
  `source` String,
  `refused` UInt64,
  `of` UInt64,
  `by` String
)
ENGINE = MergeTree
ORDER BY (tenant, source, at)

-- left_on_kafka
CREATE TABLE IF NOT EXISTS left_on_kafka (
  `tenant` String,
  `source` String,
  `code` LowCardinality(String),
  `topic` LowCardinality(String),
  `partition` UInt16,
  `offsets` Array(UInt64) CODEC(Delta, ZSTD),
  `oldest` DateTime64(3, 'UTC'),
  `newest` DateTime64(3, 'UTC')
)
ENGINE = MergeTree PARTITION BY toYYYYMM(newest)
ORDER BY (tenant, source, code)
SETTINGS non_replicated_deduplication_window = 1000

-- snapshot_entries
CREATE TABLE IF NOT EXISTS snapshot_entries (
  `snapshot` String,
  `tenant` String,
  `object` String,
  `layout` String,
  `build` UInt64,
  `rows` UInt64,
  `deleted` UInt64,
  `unresolved` UInt64,
  `patches` UInt64,
  `waiting` UInt64,
  `ignored` UInt64,
  `too_late` UInt64,
  `shared` UInt64,
  `schema_version` UInt32,
  `definition` String,
  `watermark` String,
  `failed` String
)
ENGINE = MergeTree PARTITION BY snapshot
ORDER BY (snapshot, tenant, object)

-- refresh_work
CREATE TABLE IF NOT EXISTS refresh_work (`build` UInt64, `tenant` String, `object` String, `previous_build` UInt64)
ENGINE = MergeTree PARTITION BY intDiv(build, 1000000)
ORDER BY (build, tenant, object)

-- link_aliases
CREATE TABLE IF NOT EXISTS link_aliases (
  `tenant` String,
  `reference` String,
  `targets` Array(String),
  `version` UInt64,
  `changed_at` DateTime64(3, 'UTC'),
  INDEX changed changed_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, reference)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 1024

-- integration_facts
CREATE TABLE IF NOT EXISTS integration_facts (
  `tenant` LowCardinality(String),
  `integration` LowCardinality(String),
  `record` String,
  `key` String,
  `digest` String,
  `mapper` UInt32,
  `kind` String,
  `time_ms` Int64,
  `order` Int64,
  `version` Int64,
  `related` Array(String),
  `data` String CODEC(ZSTD),
  `received_at` DateTime64(3, 'UTC'),
  `partition` UInt16,
  `offset` UInt64,
  `life` LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, integration, record, key, digest, life)
SETTINGS index_granularity = 512

-- webhook_outcomes
CREATE TABLE IF NOT EXISTS webhook_outcomes (
  `tenant` LowCardinality(String),
  `integration` LowCardinality(String),
  `received_at` DateTime64(3, 'UTC'),
  `partition` UInt16,
  `offset` UInt64,
  `outcome` LowCardinality(String),
  `code` LowCardinality(String),
  `facts` UInt32,
  `records` UInt32
)
ENGINE = ReplacingMergeTree PARTITION BY toYYYYMMDD(received_at)
ORDER BY (tenant, integration, received_at, partition, offset) TTL toDateTime(received_at) + toIntervalDay(31)

-- integration_folds
CREATE TABLE IF NOT EXISTS integration_folds (
  `tenant` String, `integration` String, `mark` String, `object` String, `at` DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (tenant, integration)

-- a layout's table
CREATE TABLE IF NOT EXISTS records_2_a103d5b8f8c2f24c (
  `build` UInt64,
  `tenant` String,
  `object` String,
  `record` String,
  `deleted` Bool,
  `role` UInt8,
  `event_time` DateTime64(3, 'UTC'),
  `sequence` Int64,
  `partition` UInt16,
  `offset` UInt64,
  `source` String,
  `event_id` String,
  `received_at` DateTime64(3, 'UTC'),
  `named` Array(String),
  `f_amount` Nullable(Decimal(19, 4)),
  `f_status` Nullable(String),
  `refs_requester` Array(String),
  `hits_requester` Array(String),
  `links_requester` Array(String)
)
ENGINE = MergeTree PARTITION BY build
ORDER BY (tenant, object, record)

-- a contact's table
CREATE TABLE IF NOT EXISTS records_2_83443e2bf1b0437a (
  `build` UInt64,
  `tenant` String,
  `object` String,
  `record` String,
  `deleted` Bool,
  `role` UInt8,
  `event_time` DateTime64(3, 'UTC'),
  `sequence` Int64,
  `partition` UInt16,
  `offset` UInt64,
  `source` String,
  `event_id` String,
  `received_at` DateTime64(3, 'UTC'),
  `named` Array(String),
  `f_country` Nullable(String),
  `f_created_at` Nullable(DateTime64(3, 'UTC')),
  `f_email` Nullable(String),
  `f_first_name` Nullable(String),
  `f_last_name` Nullable(String),
  `f_phone` Nullable(String),
  `external_ids` Array(String)
)
ENGINE = MergeTree PARTITION BY build
ORDER BY (tenant, object, record)

-- the index of contacts
CREATE TABLE refresh_contacts_3000000 (tenant String, reference String, record String)
ENGINE = Join(ANY, LEFT, tenant, reference)
SETTINGS persistent = 0

-- the repeats
CREATE TABLE refresh_repeats_3000000 (`received_at` DateTime64(3, 'UTC'), `partition` UInt16, `offset` UInt64)
ENGINE = MergeTree
ORDER BY tuple()

-- resolved aliases
CREATE TABLE IF NOT EXISTS refresh_aliases_3000000 (tenant String, reference String, record String)
ENGINE = MergeTree
ORDER BY tuple()

-- merged contacts
CREATE TABLE IF NOT EXISTS refresh_moved_3000000 (tenant String, record String)
ENGINE = MergeTree
ORDER BY (tenant, record)

-- their events
CREATE TABLE IF NOT EXISTS refresh_moves_3000000 (
  `tenant` String,
  `record` String,
  `decides` Bool,
  `targets` Array(String),
  `says_email` Bool,
  `email` Array(String),
  `says_foreign` Bool,
  `foreign` Array(String),
  `event_time` DateTime64(3, 'UTC'),
  `sequence` Int64,
  `partition` UInt16,
  `offset` UInt64
)
ENGINE = MergeTree
ORDER BY (tenant, record)
