-- build
INSERT INTO records_2_237c7e3119819a21 (
  `build`,
  `tenant`,
  `object`,
  `record`,
  `deleted`,
  `role`,
  `event_time`,
  `sequence`,
  `partition`,
  `offset`,
  `source`,
  `event_id`,
  `received_at`,
  `named`
)
SELECT
  {build:UInt64},
  tenant,
  object,
  record,
  kind = 3,
  0,
  event_time,
  sequence,
  partition,
  offset,
  source,
  event_id,
  received_at,
  CAST([] AS Array(String))
FROM (
  SELECT
    toString(tenant) AS tenant,
    toString(object) AS object,
    record,
    kind,
    true AS fresh,
    event_time,
    sequence,
    partition,
    offset,
    source,
    event_id,
    received_at,
    if(kind = 2, arrayConcat(JSONExtractKeys(fields), JSONExtractKeys(`references`)), []) AS named
  FROM (
    SELECT *
    FROM (
      SELECT *
      FROM record_log
      WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
        AND offset >= {low:Array(UInt64)}[partition + 1]
        AND offset < {high:Array(UInt64)}[partition + 1]
        AND schema_version >= {since_version:UInt32}
        AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
      ORDER BY tenant DESC, object DESC, record DESC, event_time DESC, sequence DESC, partition DESC, offset DESC
      LIMIT 1 BY tenant, object, record
    )
  )
)
WHERE NOT (kind = 3 AND received_at < {expiry:DateTime64(3, 'UTC')})
