SELECT key, max(version), argMin(value, (-toInt64(version), at, value))
FROM crosslook_meta
GROUP BY key

SELECT snapshot, count()
FROM snapshot_entries
WHERE snapshot IN {ids:Array(String)}
GROUP BY snapshot
-- ids = ['20261125T020000Z-2']

SELECT layout, build, named, held
FROM (
  SELECT layout, build, sum(rows + deleted) AS named
  FROM snapshot_entries
  WHERE snapshot = {id:String}
  GROUP BY layout, build
  HAVING named > 0
) AS entries LEFT JOIN (
  SELECT substring(table, 9) AS layout, toUInt64(partition) AS build, sum(rows) AS held
  FROM system.parts
  WHERE database = currentDatabase()
    AND active
    AND startsWith(table, 'records_')
  GROUP BY layout, build
) AS parts
USING (layout, build)
WHERE held < named
ORDER BY layout, build
-- id = 20261125T020000Z-2

SELECT key, max(version), argMin(value, (-toInt64(version), at, value))
FROM crosslook_meta
GROUP BY key

SELECT partition, max(offset) + 1
FROM record_log
GROUP BY partition

SELECT partition, max(offset) + 1
FROM quarantine
WHERE topic = {topic:String}
GROUP BY partition
-- topic = crosslook-records

SELECT key, max(version), argMin(value, (-toInt64(version), at, value))
FROM crosslook_meta
GROUP BY key

SELECT snapshot, count()
FROM snapshot_entries
WHERE snapshot IN {ids:Array(String)}
GROUP BY snapshot
-- ids = ['20261125T020000Z-2']

SELECT layout, build, named, held
FROM (
  SELECT layout, build, sum(rows + deleted) AS named
  FROM snapshot_entries
  WHERE snapshot = {id:String}
  GROUP BY layout, build
  HAVING named > 0
) AS entries LEFT JOIN (
  SELECT substring(table, 9) AS layout, toUInt64(partition) AS build, sum(rows) AS held
  FROM system.parts
  WHERE database = currentDatabase()
    AND active
    AND startsWith(table, 'records_')
  GROUP BY layout, build
) AS parts
USING (layout, build)
WHERE held < named
ORDER BY layout, build
-- id = 20261125T020000Z-2

SELECT key, max(version), argMin(value, (-toInt64(version), at, value))
FROM crosslook_meta
GROUP BY key

SELECT partition, max(offset) + 1
FROM record_log
GROUP BY partition

SELECT partition, max(offset) + 1
FROM quarantine
WHERE topic = {topic:String}
GROUP BY partition
-- topic = crosslook-records

SELECT *
FROM snapshot_entries
WHERE snapshot = {id:String}
-- id = 20261125T020000Z-2

SELECT DISTINCT tenant, object
FROM record_log
WHERE offset >= {low:Array(UInt64)}[partition + 1]
  AND offset < {high:Array(UInt64)}[partition + 1]
-- high = [1, 1, 6]
-- low = [1, 1, 6]

SELECT substring(table, 9) AS layout, toUInt64(partition) AS build, sum(rows)
FROM system.parts
WHERE database = currentDatabase()
  AND active
  AND startsWith(table, 'records_')
GROUP BY layout, build

SELECT table, groupArray((name, type))
FROM system.columns
WHERE database = currentDatabase()
  AND table IN {tables:Array(String)}
GROUP BY table
-- tables = ['records_2_83443e2bf1b0437a', 'records_2_394271c42224503f']

SELECT name
FROM system.tables
WHERE database = currentDatabase()
  AND startsWith(name, 'records_')

CREATE TABLE refresh_repeats_3000000 (`received_at` DateTime64(3, 'UTC'), `partition` UInt16, `offset` UInt64)
ENGINE = MergeTree
ORDER BY tuple()

INSERT INTO refresh_repeats_3000000 (received_at, partition, offset)
SELECT place.1, place.2, place.3
FROM (
  SELECT
    groupUniqArray((received_at, partition, offset)) AS places,
    arrayJoin(arrayFilter(one -> one != arrayMin(places), places)) AS place
  FROM record_log
  WHERE tenant IN (
    SELECT DISTINCT tenant
    FROM record_log
    WHERE offset >= {low:Array(UInt64)}[partition + 1]
      AND offset < {high:Array(UInt64)}[partition + 1]
  )
    AND offset < {high:Array(UInt64)}[partition + 1]
    AND cityHash64(tenant, source, event_id) IN (
      SELECT cityHash64(tenant, source, event_id) AS hash
      FROM record_log
      WHERE tenant IN (
        SELECT DISTINCT tenant
        FROM record_log
        WHERE offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
      )
        AND offset < {high:Array(UInt64)}[partition + 1]
        AND cityHash64(tenant, source, event_id) IN (
          SELECT cityHash64(tenant, source, event_id)
          FROM record_log
          WHERE offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
        )
      GROUP BY hash
      HAVING count() > 1
    )
  GROUP BY tenant, source, event_id
)
-- high = [1, 1, 6]
-- low = [1, 1, 6]

SELECT DISTINCT tenant
FROM link_aliases
WHERE changed_at >= {since:DateTime64(3, 'UTC')}
-- since = 2026-11-25 01:00:00+00:00

SELECT tenant, count(), countIf(startsWith(reference, 'id:'))
FROM link_aliases
WHERE tenant IN {tenants:Array(String)}
GROUP BY tenant
-- tenants = ['acme']

INSERT INTO refresh_work
-- {'build': 3000000, 'tenant': 'acme', 'object': 'contact', 'previous_build': 1000000}

CREATE TABLE refresh_contacts_3000000 (tenant String, reference String, record String)
ENGINE = Join(ANY, LEFT, tenant, reference)
SETTINGS persistent = 0

INSERT INTO refresh_contacts_3000000 (tenant, reference, record)
SELECT tenant, reference, argMin(record, (isNull(created_at), ifNull(created_at, toDateTime64(0, 3, 'UTC')), record))
FROM (
  SELECT
    tenant,
    record,
    f_created_at AS created_at,
    arrayJoin(
      arrayConcat(
        [concat('id:', record)],
        arrayMap(foreign -> concat('external:', foreign), external_ids),
        if(isNull(f_email), [], [concat('email:', lower(trimBoth(assumeNotNull(f_email), ' \t\n\r\x0c\x0b')))])
      )
    ) AS reference
  FROM records_2_83443e2bf1b0437a
  WHERE (tenant, object, build) IN (
    SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
  )
    AND NOT deleted
)
GROUP BY tenant, reference
-- builds = [3000000]

SELECT count()
FROM {table:Identifier}
-- table = refresh_contacts_3000000

INSERT INTO refresh_work
-- {'build': 3000001, 'tenant': 'acme', 'object': 'ticket', 'previous_build': 2000003}

SELECT
  tenant,
  object,
  countIf(kind = 2) AS patches,
  countIf(event_time < received_at - toIntervalDay({late_days:UInt32})) AS late
FROM record_log
WHERE offset >= {low:Array(UInt64)}[partition + 1]
  AND offset < {high:Array(UInt64)}[partition + 1]
GROUP BY tenant, object
HAVING patches > 0
  OR late > 0
-- high = [1, 1, 6]
-- late_days = 7
-- low = [1, 1, 6]

INSERT INTO records_2_394271c42224503f (
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
  `named`,
  `f_amount`,
  `refs_requester`,
  `hits_requester`,
  `links_requester`
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
  CAST([] AS Array(String)),
  `f_amount`,
  `refs_requester`,
  arrayMap(
    (reference, hit) -> if(
      hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
      hit,
      joinGet('refresh_contacts_3000000', 'record', tenant, reference)
    ),
    `refs_requester`,
    `hits_requester`
  ) AS `resolved_requester`,
  arraySlice(arrayDistinct(arrayFilter(hit -> hit != '', `resolved_requester`)), 1, 1)
FROM (
  SELECT *
  FROM (
    SELECT *
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
        if(kind = 2, arrayConcat(JSONExtractKeys(fields), JSONExtractKeys(`references`)), []) AS named,
        CAST(toDecimal128OrNull(tupleElement(parsed, 'amount_'), 4) AS Nullable(Decimal(19, 4))) AS `f_amount`,
        JSONExtract(`references`, 'requester', 'Array(String)') AS `refs_requester`,
        arrayMap(reference -> '', JSONExtract(`references`, 'requester', 'Array(String)')) AS `hits_requester`
      FROM (
        SELECT
          *,
          JSONExtract(replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'), 'Tuple(`amount_` Nullable(String))') AS parsed
        FROM (
          SELECT *
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND schema_version >= {since_version:UInt32}
            AND (received_at, partition, offset) NOT IN (
              SELECT received_at, partition, offset FROM {repeats:Identifier}
            )
            AND (tenant, object, record) NOT IN (
              SELECT toString(tenant) AS tenant, toString(object) AS object, record
              FROM record_log
              WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
                AND offset >= {low:Array(UInt64)}[partition + 1]
                AND offset < {high:Array(UInt64)}[partition + 1]
                AND kind = 2
              UNION DISTINCT
              SELECT tenant, object, record
              FROM records_2_394271c42224503f
              WHERE (tenant, object, build) IN (
                SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
              )
                AND role >= 3
            )
          ORDER BY tenant DESC, object DESC, record DESC, event_time DESC, sequence DESC, partition DESC, offset DESC
          LIMIT 1 BY tenant, object, record
        )
      )
      UNION ALL
      SELECT
        tenant,
        object,
        record,
        toUInt8(if(role >= 3, 2, if(deleted AND role = 0, 3, 1))) AS kind,
        false AS fresh,
        `event_time`,
        `sequence`,
        `partition`,
        `offset`,
        `source`,
        `event_id`,
        `received_at`,
        arrayFilter(name -> name IN ('amount', 'requester', '#external_ids'), named) AS named,
        `f_amount`,
        `refs_requester`,
        `hits_requester`
      FROM records_2_394271c42224503f
      WHERE (tenant, object, build) IN (
        SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
      )
        AND role != 1
        AND (tenant, object, record) NOT IN (
          SELECT toString(tenant) AS tenant, toString(object) AS object, record
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND kind = 2
          UNION DISTINCT
          SELECT tenant, object, record
          FROM records_2_394271c42224503f
          WHERE (tenant, object, build) IN (
            SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
          )
            AND role >= 3
        )
        AND (tenant, object, record) IN (
          SELECT toString(tenant), toString(object), record
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND schema_version >= {since_version:UInt32}
            AND (received_at, partition, offset) NOT IN (
              SELECT received_at, partition, offset FROM {repeats:Identifier}
            )
        )
    )
    ORDER BY tenant, object, record, event_time DESC, sequence DESC, partition DESC, offset DESC
    LIMIT 1 BY tenant, object, record
  )
)
WHERE NOT (kind = 3 AND received_at < {expiry:DateTime64(3, 'UTC')})
-- build = 3000001
-- builds = [3000001]
-- expiry = 2026-12-27 01:55:00+00:00
-- high = [1, 1, 6]
-- low = [1, 1, 6]
-- repeats = refresh_repeats_3000000
-- since_version = 1

INSERT INTO records_2_394271c42224503f (
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
  `named`,
  `f_amount`,
  `refs_requester`,
  `hits_requester`,
  `links_requester`
)
SELECT
  {build:UInt64},
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
  `named`,
  `f_amount`,
  `refs_requester`,
  `hits_requester`,
  `links_requester`
FROM records_2_394271c42224503f
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND NOT (deleted AND received_at < {expiry:DateTime64(3, 'UTC')})
  AND (tenant, object, record) NOT IN (
    SELECT toString(tenant) AS tenant, toString(object) AS object, record
    FROM record_log
    WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
      AND offset >= {low:Array(UInt64)}[partition + 1]
      AND offset < {high:Array(UInt64)}[partition + 1]
      AND kind = 2
    UNION DISTINCT
    SELECT tenant, object, record
    FROM records_2_394271c42224503f
    WHERE (tenant, object, build) IN (
      SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
    )
      AND role >= 3
  )
  AND (tenant, object, record) NOT IN (
    SELECT toString(tenant), toString(object), record
    FROM record_log
    WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
      AND offset >= {low:Array(UInt64)}[partition + 1]
      AND offset < {high:Array(UInt64)}[partition + 1]
      AND schema_version >= {since_version:UInt32}
      AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
  )
-- build = 3000001
-- builds = [3000001]
-- expiry = 2026-12-27 01:55:00+00:00
-- high = [1, 1, 6]
-- low = [1, 1, 6]
-- repeats = refresh_repeats_3000000
-- since_version = 1

INSERT INTO records_2_394271c42224503f (
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
  `named`,
  `f_amount`,
  `refs_requester`,
  `hits_requester`,
  `links_requester`
)
SELECT
  {build:UInt64},
  tenant,
  object,
  record,
  deleted,
  role,
  event_time,
  sequence,
  partition,
  offset,
  source,
  event_id,
  received_at,
  named,
  `f_amount`,
  `refs_requester`,
  arrayMap(
    (reference, hit) -> if(
      hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
      hit,
      joinGet('refresh_contacts_3000000', 'record', tenant, reference)
    ),
    `refs_requester`,
    `hits_requester`
  ) AS `resolved_requester`,
  arraySlice(arrayDistinct(arrayFilter(hit -> hit != '', `resolved_requester`)), 1, 1)
FROM (
  SELECT
    tenant,
    object,
    record,
    place.1 AS role,
    role >= 2 OR max(kind) = 3 AS deleted,
    max(version).1 AS event_time,
    max(version).2 AS sequence,
    max(version).3 AS partition,
    max(version).4 AS offset,
    argMax(pieces.source, version) AS source,
    argMax(pieces.event_id, version) AS event_id,
    argMax(pieces.received_at, version) AS received_at,
    if(role >= 3, any(pieces.named), []) AS named,
    argMaxIf(tuple(pieces.`f_amount`), version, kind != 2 OR has(pieces.named, 'amount')).1 AS `f_amount`,
    argMaxIf(tuple(pieces.`refs_requester`), version, kind != 2 OR has(pieces.named, 'requester')).1 AS `refs_requester`,
    argMaxIf(tuple(pieces.`hits_requester`), version, kind != 2 OR has(pieces.named, 'requester')).1 AS `hits_requester`
  FROM (
    SELECT
      *,
      arrayJoin(
        multiIf(
          base_kind = 0 AND NOT fresh AND received_at < {expiry:DateTime64(3, 'UTC')},
          CAST([] AS Array(Tuple(UInt8, UInt16, UInt64))),
          base_kind = 0,
          CAST([(4, partition, offset)] AS Array(Tuple(UInt8, UInt16, UInt64))),
          base_kind = 3 AND kind = 2 AND event_time < {expiry:DateTime64(3, 'UTC')},
          CAST([] AS Array(Tuple(UInt8, UInt16, UInt64))),
          base_kind = 3 AND kind = 2,
          CAST([(5, partition, offset)] AS Array(Tuple(UInt8, UInt16, UInt64))),
          base_kind = 3 AND received_at < {expiry:DateTime64(3, 'UTC')} AND NOT young,
          CAST([] AS Array(Tuple(UInt8, UInt16, UInt64))),
          base_kind = 3 OR NOT young,
          CAST([(0, 0, 0)] AS Array(Tuple(UInt8, UInt16, UInt64))),
          kind = 2 AND event_time >= {expiry:DateTime64(3, 'UTC')},
          CAST([(3, partition, offset), (1, 0, 0)] AS Array(Tuple(UInt8, UInt16, UInt64))),
          CAST([(2, 0, 0), (1, 0, 0)] AS Array(Tuple(UInt8, UInt16, UInt64)))
        )
      ) AS place
    FROM (
      SELECT
        *,
        countIf(kind = 2 AND event_time >= {expiry:DateTime64(3, 'UTC')}) OVER (PARTITION BY tenant, object, record) > 0 AS young
      FROM (
        SELECT
          *,
          maxIf(version, kind != 2) OVER (PARTITION BY tenant, object, record) AS base,
          argMaxIf(kind, version, kind != 2) OVER (PARTITION BY tenant, object, record) AS base_kind
        FROM (
          SELECT
            *,
            (event_time, sequence, partition, offset) AS version,
            maxIf((event_time, sequence, partition, offset), NOT fresh) OVER (PARTITION BY tenant, object, record) AS known,
            countIf(NOT fresh AND kind != 2) OVER (PARTITION BY tenant, object, record) > 0 AS had_base
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
              if(kind = 2, arrayConcat(JSONExtractKeys(fields), JSONExtractKeys(`references`)), []) AS named,
              CAST(toDecimal128OrNull(tupleElement(parsed, 'amount_'), 4) AS Nullable(Decimal(19, 4))) AS `f_amount`,
              JSONExtract(`references`, 'requester', 'Array(String)') AS `refs_requester`,
              arrayMap(reference -> '', JSONExtract(`references`, 'requester', 'Array(String)')) AS `hits_requester`
            FROM (
              SELECT
                *,
                JSONExtract(
                  replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'), 'Tuple(`amount_` Nullable(String))'
                ) AS parsed
              FROM (
                SELECT *
                FROM record_log
                WHERE (tenant, object) IN (
                  SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)}
                )
                  AND offset >= {low:Array(UInt64)}[partition + 1]
                  AND offset < {high:Array(UInt64)}[partition + 1]
                  AND schema_version >= {since_version:UInt32}
                  AND (received_at, partition, offset) NOT IN (
                    SELECT received_at, partition, offset FROM {repeats:Identifier}
                  )
                  AND (tenant, object, record) IN (
                    SELECT toString(tenant) AS tenant, toString(object) AS object, record
                    FROM record_log
                    WHERE (tenant, object) IN (
                      SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)}
                    )
                      AND offset >= {low:Array(UInt64)}[partition + 1]
                      AND offset < {high:Array(UInt64)}[partition + 1]
                      AND kind = 2
                    UNION DISTINCT
                    SELECT tenant, object, record
                    FROM records_2_394271c42224503f
                    WHERE (tenant, object, build) IN (
                      SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
                    )
                      AND role >= 3
                  )
              )
            )
            UNION ALL
            SELECT
              tenant,
              object,
              record,
              toUInt8(if(role >= 3, 2, if(deleted AND role = 0, 3, 1))) AS kind,
              false AS fresh,
              `event_time`,
              `sequence`,
              `partition`,
              `offset`,
              `source`,
              `event_id`,
              `received_at`,
              arrayFilter(name -> name IN ('amount', 'requester', '#external_ids'), named) AS named,
              `f_amount`,
              `refs_requester`,
              `hits_requester`
            FROM records_2_394271c42224503f
            WHERE (tenant, object, build) IN (
              SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
            )
              AND role != 1
              AND (tenant, object, record) IN (
                SELECT toString(tenant) AS tenant, toString(object) AS object, record
                FROM record_log
                WHERE (tenant, object) IN (
                  SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)}
                )
                  AND offset >= {low:Array(UInt64)}[partition + 1]
                  AND offset < {high:Array(UInt64)}[partition + 1]
                  AND kind = 2
                UNION DISTINCT
                SELECT tenant, object, record
                FROM records_2_394271c42224503f
                WHERE (tenant, object, build) IN (
                  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
                )
                  AND role >= 3
              )
          )
        )
        WHERE NOT (
          fresh AND event_time < received_at - toIntervalDay({late_days:UInt32}) AND had_base AND version < known
        )
      )
      WHERE version = base
        OR (kind = 2 AND (base_kind = 0 OR version > base))
    )
  ) AS pieces
  GROUP BY tenant, object, record, place
)
-- build = 3000001
-- builds = [3000001]
-- expiry = 2026-12-27 01:55:00+00:00
-- high = [1, 1, 6]
-- late_days = 7
-- low = [1, 1, 6]
-- repeats = refresh_repeats_3000000
-- since_version = 1

SELECT
  tenant,
  object,
  countIf(NOT deleted),
  countIf(deleted AND role = 0),
  uniqExactIf(record, role <= 1),
  sumIf(arrayCount(hit -> hit = '', `hits_requester`), NOT deleted),
  countIf(role >= 3),
  countIf(role = 4),
  countIf(role = 5),
  countIf(role >= 2)
FROM records_2_394271c42224503f
WHERE build = {build:UInt64}
GROUP BY tenant, object
-- build = 3000001

SELECT count()
FROM {table:Identifier}
-- table = refresh_contacts_3000000

CREATE TABLE refresh_repeats_3000001 (`received_at` DateTime64(3, 'UTC'), `partition` UInt16, `offset` UInt64)
ENGINE = MergeTree
ORDER BY tuple()

INSERT INTO refresh_repeats_3000001 (received_at, partition, offset)
SELECT place.1, place.2, place.3
FROM (
  SELECT
    groupUniqArray((received_at, partition, offset)) AS places,
    arrayJoin(arrayFilter(one -> one != arrayMin(places), places)) AS place
  FROM record_log
  WHERE tenant IN (
    SELECT DISTINCT tenant
    FROM record_log
    WHERE offset >= {low:Array(UInt64)}[partition + 1]
      AND offset < {high:Array(UInt64)}[partition + 1]
  )
    AND offset < {high:Array(UInt64)}[partition + 1]
    AND farmHash64(tenant, source, event_id) IN (
      SELECT farmHash64(tenant, source, event_id) AS hash
      FROM record_log
      WHERE tenant IN (
        SELECT DISTINCT tenant
        FROM record_log
        WHERE offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
      )
        AND offset < {high:Array(UInt64)}[partition + 1]
        AND farmHash64(tenant, source, event_id) IN (
          SELECT farmHash64(tenant, source, event_id)
          FROM record_log
          WHERE offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
        )
      GROUP BY hash
      HAVING count() > 1
    )
  GROUP BY tenant, source, event_id
)
-- high = [1, 1, 6]
-- low = [1, 1, 6]

SELECT tenant, object, sum(live), sum(tombstones), sum(pieces)
FROM (
  SELECT tenant, object, toInt64(uniqExact(record)) AS live, toInt64(0) AS tombstones, toInt64(0) AS pieces
  FROM (
    SELECT
      toString(tenant) AS tenant,
      toString(object) AS object,
      record,
      kind,
      event_time,
      sequence,
      partition,
      offset,
      received_at,
      true AS fresh
    FROM record_log
    WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
      AND offset >= {low:Array(UInt64)}[partition + 1]
      AND offset < {high:Array(UInt64)}[partition + 1]
      AND schema_version >= {since_version:UInt32}
      AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
      AND (tenant, object, record) NOT IN (
        SELECT toString(tenant) AS tenant, toString(object) AS object, record
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND kind = 2
        UNION DISTINCT
        SELECT tenant, object, record
        FROM records_2_394271c42224503f
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role >= 3
      )
    UNION ALL
    SELECT
      tenant,
      object,
      record,
      toUInt8(if(role >= 3, 2, if(deleted AND role = 0, 3, 1))) AS kind,
      event_time,
      sequence,
      partition,
      offset,
      received_at,
      false AS fresh
    FROM records_2_394271c42224503f
    WHERE (tenant, object, build) IN (
      SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
    )
      AND role != 1
      AND (tenant, object, record) NOT IN (
        SELECT toString(tenant) AS tenant, toString(object) AS object, record
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND kind = 2
        UNION DISTINCT
        SELECT tenant, object, record
        FROM records_2_394271c42224503f
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role >= 3
      )
  )
  GROUP BY tenant, object
  UNION ALL
  SELECT
    tenant,
    object,
    -toInt64(count()) AS live,
    toInt64(countIf(greatest.6 >= {expiry:DateTime64(3, 'UTC')})) AS tombstones,
    toInt64(0) AS pieces
  FROM (
    SELECT tenant, object, max((event_time, sequence, partition, offset, kind, received_at)) AS greatest
    FROM (
      SELECT
        toString(tenant) AS tenant,
        toString(object) AS object,
        record,
        kind,
        event_time,
        sequence,
        partition,
        offset,
        received_at,
        true AS fresh
      FROM record_log
      WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
        AND offset >= {low:Array(UInt64)}[partition + 1]
        AND offset < {high:Array(UInt64)}[partition + 1]
        AND schema_version >= {since_version:UInt32}
        AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
        AND (tenant, object, record) NOT IN (
          SELECT toString(tenant) AS tenant, toString(object) AS object, record
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND kind = 2
          UNION DISTINCT
          SELECT tenant, object, record
          FROM records_2_394271c42224503f
          WHERE (tenant, object, build) IN (
            SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
          )
            AND role >= 3
        )
      UNION ALL
      SELECT
        tenant,
        object,
        record,
        toUInt8(if(role >= 3, 2, if(deleted AND role = 0, 3, 1))) AS kind,
        event_time,
        sequence,
        partition,
        offset,
        received_at,
        false AS fresh
      FROM records_2_394271c42224503f
      WHERE (tenant, object, build) IN (
        SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
      )
        AND role != 1
        AND (tenant, object, record) NOT IN (
          SELECT toString(tenant) AS tenant, toString(object) AS object, record
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND kind = 2
          UNION DISTINCT
          SELECT tenant, object, record
          FROM records_2_394271c42224503f
          WHERE (tenant, object, build) IN (
            SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
          )
            AND role >= 3
        )
    )
    WHERE (tenant, object, record) IN (
      SELECT tenant, object, record
      FROM (
        SELECT
          toString(tenant) AS tenant,
          toString(object) AS object,
          record,
          kind,
          event_time,
          sequence,
          partition,
          offset,
          received_at,
          true AS fresh
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND schema_version >= {since_version:UInt32}
          AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
          AND (tenant, object, record) NOT IN (
            SELECT toString(tenant) AS tenant, toString(object) AS object, record
            FROM record_log
            WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
              AND offset >= {low:Array(UInt64)}[partition + 1]
              AND offset < {high:Array(UInt64)}[partition + 1]
              AND kind = 2
            UNION DISTINCT
            SELECT tenant, object, record
            FROM records_2_394271c42224503f
            WHERE (tenant, object, build) IN (
              SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
            )
              AND role >= 3
          )
        UNION ALL
        SELECT
          tenant,
          object,
          record,
          toUInt8(if(role >= 3, 2, if(deleted AND role = 0, 3, 1))) AS kind,
          event_time,
          sequence,
          partition,
          offset,
          received_at,
          false AS fresh
        FROM records_2_394271c42224503f
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role != 1
          AND (tenant, object, record) NOT IN (
            SELECT toString(tenant) AS tenant, toString(object) AS object, record
            FROM record_log
            WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
              AND offset >= {low:Array(UInt64)}[partition + 1]
              AND offset < {high:Array(UInt64)}[partition + 1]
              AND kind = 2
            UNION DISTINCT
            SELECT tenant, object, record
            FROM records_2_394271c42224503f
            WHERE (tenant, object, build) IN (
              SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
            )
              AND role >= 3
          )
      )
      WHERE kind = 3
    )
    GROUP BY tenant, object, record
  )
  WHERE greatest.5 = 3
  GROUP BY tenant, object
  UNION ALL
  SELECT
    tenant,
    object,
    toInt64(countIf(base.1 = 1)) AS live,
    toInt64(countIf(base.1 = 3 AND (base.2 >= {expiry:DateTime64(3, 'UTC')} OR kept > 0))) AS tombstones,
    toInt64(sum(kept) + countIf(base.1 = 1 AND kept > 0)) AS pieces
  FROM (
    WITH
      kind != 2 AS is_whole,
      fresh AND event_time < received_at - toIntervalDay({late_days:UInt32}) AS is_late,
      (event_time, sequence, partition, offset) AS version
    SELECT
      tenant,
      object,
      countIf(NOT fresh AND is_whole) > 0 AS had_base,
      maxIf(version, NOT fresh) AS known,
      argMaxIf((kind, received_at, version), version, is_whole AND NOT is_late) AS timely,
      argMaxIf((kind, received_at, version), version, is_whole AND is_late) AS late,
      late.1 != 0 AND (timely.1 = 0 OR late.3 > timely.3) AND (NOT had_base OR late.3 > known) AS late_counts,
      if(late_counts, late, timely) AS base,
      arrayFilter(
        one -> NOT one.2 OR NOT had_base OR one.1 > known,
        groupUniqArrayIf((version, is_late, fresh, received_at), NOT is_whole)
      ) AS patches,
      if(
        base.1 = 0,
        arrayCount(one -> one.3 OR one.4 >= {expiry:DateTime64(3, 'UTC')}, patches),
        arrayCount(one -> one.1 > base.3 AND one.1.1 >= {expiry:DateTime64(3, 'UTC')}, patches)
      ) AS kept
    FROM (
      SELECT
        toString(tenant) AS tenant,
        toString(object) AS object,
        record,
        kind,
        event_time,
        sequence,
        partition,
        offset,
        received_at,
        true AS fresh
      FROM record_log
      WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
        AND offset >= {low:Array(UInt64)}[partition + 1]
        AND offset < {high:Array(UInt64)}[partition + 1]
        AND schema_version >= {since_version:UInt32}
        AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
        AND (tenant, object, record) IN (
          SELECT toString(tenant) AS tenant, toString(object) AS object, record
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND kind = 2
          UNION DISTINCT
          SELECT tenant, object, record
          FROM records_2_394271c42224503f
          WHERE (tenant, object, build) IN (
            SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
          )
            AND role >= 3
        )
      UNION ALL
      SELECT
        tenant,
        object,
        record,
        toUInt8(if(role >= 3, 2, if(deleted AND role = 0, 3, 1))) AS kind,
        event_time,
        sequence,
        partition,
        offset,
        received_at,
        false AS fresh
      FROM records_2_394271c42224503f
      WHERE (tenant, object, build) IN (
        SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
      )
        AND role != 1
        AND (tenant, object, record) IN (
          SELECT toString(tenant) AS tenant, toString(object) AS object, record
          FROM record_log
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND kind = 2
          UNION DISTINCT
          SELECT tenant, object, record
          FROM records_2_394271c42224503f
          WHERE (tenant, object, build) IN (
            SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
          )
            AND role >= 3
        )
    )
    GROUP BY tenant, object, record
  )
  GROUP BY tenant, object
)
GROUP BY tenant, object
-- builds = [3000001]
-- expiry = 2026-12-27 01:55:00+00:00
-- high = [1, 1, 6]
-- late_days = 7
-- low = [1, 1, 6]
-- repeats = refresh_repeats_3000001
-- since_version = 1

SELECT
  tenant,
  object,
  record,
  event_time,
  sequence,
  partition,
  offset,
  source,
  event_id,
  received_at,
  named,
  `f_amount`,
  `refs_requester`
FROM records_2_394271c42224503f
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND role = 4
  AND received_at < {expiry:DateTime64(3, 'UTC')}
  AND (tenant, object, record) NOT IN (
    SELECT tenant, object, record FROM records_2_394271c42224503f WHERE build = {build:UInt64} AND role < 3
  )
-- build = 3000001
-- builds = [3000001]
-- expiry = 2026-12-27 01:55:00+00:00

INSERT INTO quarantine
-- {'id': 'crosslook-records-0-0', 'tenant': 'acme', 'object': 'ticket', 'record': '3', 'source': '/test', 'event_id': 'd', 'code': 'orphan_patch', 'pointer': '/data/record', 'text': '', 'values': b'{"record":"3","days":7}', 'received_at': datetime.datetime(2026, 11, 24, 2, 0, tzinfo=zoneinfo.ZoneInfo(key='UTC')), 'topic': 'crosslook-records', 'partition': 0, 'offset': 0, 'payload': b'{"specversion":"1.0","id":"d","source":"/test","type":"crosslook.record.patched.v1","time":"2026-11-24T02:00:00.000Z","datacontenttype":"application/json","data":{"tenant":"acme","object":"ticket","record":"3","sequence":0,"fields":{"amount":"3"}}}', 'header_names': ['content-type'], 'header_values': [b'application/cloudevents+json'], 'key': b'acme/ticket/3'}

DELETE
FROM record_log
WHERE (partition, offset) IN {places:Array(Tuple(UInt16, UInt64))}
-- places = [(0, 0)]

INSERT INTO snapshot_entries
-- {'snapshot': '20270103T020000Z-3', 'tenant': 'acme', 'object': 'ticket', 'layout': '2_394271c42224503f', 'build': 3000001, 'rows': 1, 'deleted': 0, 'unresolved': 0, 'patches': 0, 'waiting': 0, 'ignored': 0, 'too_late': 0, 'shared': 0, 'schema_version': 1, 'definition': '{"object":"ticket","labels":{"singular":"Ticket","plural":"Tickets"},"fields":[{"slug":"amount","type":"currency","currency":"USD"}],"relationships":[{"slug":"requester","target":"contact"}]}', 'watermark': '{"0":1,"1":1,"2":6}', 'failed': ''}
-- {'snapshot': '20270103T020000Z-3', 'tenant': 'acme', 'object': 'contact', 'layout': '2_83443e2bf1b0437a', 'build': 1000000, 'rows': 1, 'deleted': 0, 'unresolved': 0, 'patches': 0, 'waiting': 0, 'ignored': 0, 'too_late': 0, 'shared': 0, 'schema_version': 1, 'definition': '{"object":"contact","labels":{"singular":"Contact","plural":"Contacts"},"description":"","fields":[{"slug":"email","label":"Email","type":"text"},{"slug":"first_name","label":"First name","type":"text"},{"slug":"last_name","label":"Last name","type":"text"},{"slug":"phone","label":"Phone","type":"text"},{"slug":"country","label":"Country","type":"text"},{"slug":"created_at","label":"Created","type":"datetime"}],"relationships":[]}', 'watermark': '{"0":1,"1":1,"2":6}', 'failed': ''}
-- {'snapshot': '20270103T020000Z-3', 'tenant': 'globex', 'object': 'contact', 'layout': '2_83443e2bf1b0437a', 'build': 2000000, 'rows': 1, 'deleted': 0, 'unresolved': 0, 'patches': 0, 'waiting': 0, 'ignored': 0, 'too_late': 0, 'shared': 0, 'schema_version': 1, 'definition': '{"object":"contact","labels":{"singular":"Contact","plural":"Contacts"},"description":"","fields":[{"slug":"email","label":"Email","type":"text"},{"slug":"first_name","label":"First name","type":"text"},{"slug":"last_name","label":"Last name","type":"text"},{"slug":"phone","label":"Phone","type":"text"},{"slug":"country","label":"Country","type":"text"},{"slug":"created_at","label":"Created","type":"datetime"}],"relationships":[]}', 'watermark': '{"0":1,"1":1,"2":6}', 'failed': ''}
-- {'snapshot': '20270103T020000Z-3', 'tenant': 'globex', 'object': 'ticket', 'layout': '2_394271c42224503f', 'build': 2000003, 'rows': 1, 'deleted': 0, 'unresolved': 0, 'patches': 0, 'waiting': 0, 'ignored': 0, 'too_late': 0, 'shared': 0, 'schema_version': 1, 'definition': '{"object":"ticket","labels":{"singular":"Ticket","plural":"Tickets"},"fields":[{"slug":"amount","type":"currency","currency":"USD"}],"relationships":[{"slug":"requester","target":"contact"}]}', 'watermark': '{"0":1,"1":1,"2":6}', 'failed': ''}

DROP TABLE IF EXISTS refresh_contacts_3000000

DROP TABLE IF EXISTS refresh_aliases_3000000

DROP TABLE IF EXISTS refresh_moved_3000000

DROP TABLE IF EXISTS refresh_moves_3000000

DROP TABLE IF EXISTS refresh_repeats_3000000

DROP TABLE IF EXISTS refresh_repeats_3000001

ALTER TABLE refresh_work DROP PARTITION 3

SELECT name
FROM system.tables
WHERE database = currentDatabase()
  AND arrayExists(one -> startsWith(name, one), {starts:Array(String)})
  AND toUInt64OrZero(extract(name, '[0-9]+$')) < {beyond:UInt64}
-- beyond = 4000000
-- starts = ['refresh_contacts_', 'refresh_repeats_', 'refresh_aliases_', 'refresh_moved_', 'refresh_moves_']

SELECT DISTINCT toUInt64(partition) AS number
FROM system.parts
WHERE database = currentDatabase()
  AND active
  AND table = 'refresh_work'
  AND number <= {last:UInt64}
-- last = 3

SELECT snapshot, count()
FROM snapshot_entries
WHERE snapshot IN {ids:Array(String)}
GROUP BY snapshot
-- ids = ['20261124T020000Z-1', '20261125T020000Z-2', '20270103T020000Z-3']

SELECT layout, build, groupUniqArray(snapshot)
FROM snapshot_entries
GROUP BY layout, build

SELECT DISTINCT substring(table, 9) AS layout, toUInt64(partition) AS build
FROM system.parts
WHERE database = currentDatabase()
  AND active
  AND startsWith(table, 'records_')

SELECT name
FROM system.tables
WHERE database = currentDatabase()
  AND startsWith(name, 'records_')

SELECT day, max(last), groupArray((partition, reached))
FROM (
  SELECT toYYYYMMDD(received_at) AS day, partition, max(received_at) AS last, max(offset) AS reached
  FROM record_log
  WHERE toYYYYMMDD(received_at) < toYYYYMMDD({before:DateTime64(3, 'UTC')})
  GROUP BY day, partition
)
GROUP BY day
-- before = 2026-12-27 02:00:00+00:00

ALTER TABLE record_log DROP PARTITION 20261124

