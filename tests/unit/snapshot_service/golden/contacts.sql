-- build
INSERT INTO records_2_83443e2bf1b0437a (
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
  `f_country`,
  `f_created_at`,
  `f_email`,
  `f_first_name`,
  `f_last_name`,
  `f_phone`,
  `external_ids`
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
  `f_country`,
  `f_created_at`,
  `f_email`,
  `f_first_name`,
  `f_last_name`,
  `f_phone`,
  external_ids
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
        CAST(tupleElement(parsed, 'country_') AS Nullable(String)) AS `f_country`,
        CAST(toDateTime64OrNull(tupleElement(parsed, 'created_at_'), 3, 'UTC') AS Nullable(DateTime64(3, 'UTC'))) AS `f_created_at`,
        CAST(tupleElement(parsed, 'email_') AS Nullable(String)) AS `f_email`,
        CAST(tupleElement(parsed, 'first_name_') AS Nullable(String)) AS `f_first_name`,
        CAST(tupleElement(parsed, 'last_name_') AS Nullable(String)) AS `f_last_name`,
        CAST(tupleElement(parsed, 'phone_') AS Nullable(String)) AS `f_phone`,
        external_ids
      FROM (
        SELECT
          *,
          JSONExtract(
            replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'),
            'Tuple(`country_` Nullable(String), `created_at_` Nullable(String), `email_` Nullable(String), `first_name_` Nullable(String), `last_name_` Nullable(String), `phone_` Nullable(String))'
          ) AS parsed
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
              FROM records_2_83443e2bf1b0437a
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
        arrayFilter(
          name -> name IN ('country', 'created_at', 'email', 'first_name', 'last_name', 'phone', '#external_ids'), named
        ) AS named,
        `f_country`,
        `f_created_at`,
        `f_email`,
        `f_first_name`,
        `f_last_name`,
        `f_phone`,
        external_ids
      FROM records_2_83443e2bf1b0437a
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
          FROM records_2_83443e2bf1b0437a
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

-- patched contacts
INSERT INTO records_2_83443e2bf1b0437a (
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
  `f_country`,
  `f_created_at`,
  `f_email`,
  `f_first_name`,
  `f_last_name`,
  `f_phone`,
  `external_ids`
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
  `f_country`,
  `f_created_at`,
  `f_email`,
  `f_first_name`,
  `f_last_name`,
  `f_phone`,
  external_ids
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
    argMaxIf(tuple(pieces.`f_country`), version, kind != 2 OR has(pieces.named, 'country')).1 AS `f_country`,
    argMaxIf(tuple(pieces.`f_created_at`), version, kind != 2 OR has(pieces.named, 'created_at')).1 AS `f_created_at`,
    argMaxIf(tuple(pieces.`f_email`), version, kind != 2 OR has(pieces.named, 'email')).1 AS `f_email`,
    argMaxIf(tuple(pieces.`f_first_name`), version, kind != 2 OR has(pieces.named, 'first_name')).1 AS `f_first_name`,
    argMaxIf(tuple(pieces.`f_last_name`), version, kind != 2 OR has(pieces.named, 'last_name')).1 AS `f_last_name`,
    argMaxIf(tuple(pieces.`f_phone`), version, kind != 2 OR has(pieces.named, 'phone')).1 AS `f_phone`,
    argMaxIf(tuple(pieces.`external_ids`), version, kind != 2 OR has(pieces.named, '#external_ids')).1 AS `external_ids`
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
              CAST(tupleElement(parsed, 'country_') AS Nullable(String)) AS `f_country`,
              CAST(toDateTime64OrNull(tupleElement(parsed, 'created_at_'), 3, 'UTC') AS Nullable(DateTime64(3, 'UTC'))) AS `f_created_at`,
              CAST(tupleElement(parsed, 'email_') AS Nullable(String)) AS `f_email`,
              CAST(tupleElement(parsed, 'first_name_') AS Nullable(String)) AS `f_first_name`,
              CAST(tupleElement(parsed, 'last_name_') AS Nullable(String)) AS `f_last_name`,
              CAST(tupleElement(parsed, 'phone_') AS Nullable(String)) AS `f_phone`,
              external_ids
            FROM (
              SELECT
                *,
                JSONExtract(
                  replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'),
                  'Tuple(`country_` Nullable(String), `created_at_` Nullable(String), `email_` Nullable(String), `first_name_` Nullable(String), `last_name_` Nullable(String), `phone_` Nullable(String))'
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
                    FROM records_2_83443e2bf1b0437a
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
              arrayFilter(
                name -> name IN ('country', 'created_at', 'email', 'first_name', 'last_name', 'phone', '#external_ids'),
                named
              ) AS named,
              `f_country`,
              `f_created_at`,
              `f_email`,
              `f_first_name`,
              `f_last_name`,
              `f_phone`,
              external_ids
            FROM records_2_83443e2bf1b0437a
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
                FROM records_2_83443e2bf1b0437a
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

-- patches that waited a horizon long
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
  `f_country`,
  `f_created_at`,
  `f_email`,
  `f_first_name`,
  `f_last_name`,
  `f_phone`,
  external_ids
FROM records_2_83443e2bf1b0437a
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND role = 4
  AND received_at < {expiry:DateTime64(3, 'UTC')}
  AND (tenant, object, record) NOT IN (
    SELECT tenant, object, record FROM records_2_83443e2bf1b0437a WHERE build = {build:UInt64} AND role < 3
  )

-- index by reference
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

-- how many references are shared
SELECT tenant, count()
FROM (
  SELECT tenant, reference
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
    WHERE build = {build:UInt64}
      AND NOT deleted
  )
  GROUP BY tenant, reference
  HAVING uniqExact(record) > 1
)
GROUP BY tenant

-- which references are shared
SELECT
  reference,
  arrayMap(
    one -> one.2,
    arraySort(groupUniqArray(((isNull(created_at), ifNull(created_at, toDateTime64(0, 3, 'UTC')), record), record)))
  ) AS contacts
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
  WHERE build = {build:UInt64}
    AND tenant = {tenant:String}
    AND NOT deleted
)
WHERE reference > {after:String}
GROUP BY reference
HAVING length(contacts) > 1
ORDER BY reference
LIMIT {limit:UInt32}
