-- tenants with new merges
SELECT DISTINCT toString(tenant)
FROM record_log
WHERE object = 'contact'
  AND kind = 3
  AND notEmpty(JSONExtractRaw(`references`, '#merged_into'))
  AND offset >= {low:Array(UInt64)}[partition + 1]
  AND offset < {high:Array(UInt64)}[partition + 1]

-- contacts that moved
INSERT INTO refresh_moved_3000000 (tenant, record)
SELECT DISTINCT toString(tenant), record
FROM record_log
WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND offset >= {low:Array(UInt64)}[partition + 1]
  AND offset < {high:Array(UInt64)}[partition + 1]
  AND schema_version >= {since_version:UInt32}
  AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
  AND (
    kind = 3
      AND notEmpty(JSONExtractRaw(`references`, '#merged_into'))
      OR (
        kind = 1
          AND (toString(tenant), concat('id:', record)) IN (
            SELECT tenant, reference
            FROM link_aliases FINAL
            WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
              AND startsWith(reference, 'id:')
          )
      )
  )
  AND (toString(tenant), toString(object), record, (event_time, sequence, partition, offset)) NOT IN (
    SELECT tenant, object, record, version
    FROM (
      SELECT tenant, object, record, version
      FROM (
        SELECT
          toString(tenant) AS tenant,
          toString(object) AS object,
          record,
          (event_time, sequence, partition, offset) AS version
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND schema_version >= {since_version:UInt32}
          AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
          AND event_time < received_at - toIntervalDay({late_days:UInt32})
      ) AS late
      INNER JOIN (
        SELECT tenant, object, record, max((event_time, sequence, partition, offset)) AS known
        FROM records_2_83443e2bf1b0437a
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role != 1
          AND (tenant, object, record) IN (
            SELECT tenant, object, record
            FROM (
              SELECT
                toString(tenant) AS tenant,
                toString(object) AS object,
                record,
                (event_time, sequence, partition, offset) AS version
              FROM record_log
              WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
                AND offset >= {low:Array(UInt64)}[partition + 1]
                AND offset < {high:Array(UInt64)}[partition + 1]
                AND schema_version >= {since_version:UInt32}
                AND (received_at, partition, offset) NOT IN (
                  SELECT received_at, partition, offset FROM {repeats:Identifier}
                )
                AND event_time < received_at - toIntervalDay({late_days:UInt32})
            )
          )
        GROUP BY tenant, object, record
        HAVING min(role) < 3
      ) AS before
      USING (tenant, object, record)
      WHERE version < known
    )
  )

-- of a first snapshot
INSERT INTO refresh_moved_3000000 (tenant, record)
SELECT DISTINCT toString(tenant), record
FROM record_log
WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND offset >= {low:Array(UInt64)}[partition + 1]
  AND offset < {high:Array(UInt64)}[partition + 1]
  AND schema_version >= {since_version:UInt32}
  AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
  AND (
    kind = 3
      AND notEmpty(JSONExtractRaw(`references`, '#merged_into'))
      OR (
        kind = 1
          AND (toString(tenant), concat('id:', record)) IN (
            SELECT tenant, reference
            FROM link_aliases FINAL
            WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
              AND startsWith(reference, 'id:')
          )
      )
  )

-- their events
INSERT INTO refresh_moves_3000000 (
  tenant, record, decides, targets, says_email, email, says_foreign, foreign, event_time, sequence, partition, offset
)
SELECT
  toString(tenant),
  record,
  kind = 1 OR kind = 3 AND notEmpty(JSONExtractRaw(`references`, '#merged_into')),
  JSONExtract(`references`, '#merged_into', 'Array(String)'),
  kind = 1 OR JSONHas(fields, 'email'),
  if(
    JSONExtractString(fields, 'email') = '',
    [],
    [concat('email:', lower(trimBoth(JSONExtractString(fields, 'email'), ' \t\n\r\x0c\x0b')))]
  ),
  kind = 1 OR JSONHas(`references`, '#external_ids'),
  arrayMap(foreign -> concat('external:', foreign), external_ids),
  event_time,
  sequence,
  partition,
  offset
FROM record_log
WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND offset < {high:Array(UInt64)}[partition + 1]
  AND schema_version >= {since_version:UInt32}
  AND (toString(tenant), record) IN (SELECT tenant, record FROM refresh_moved_3000000)
  AND (toString(tenant), toString(object), record, (event_time, sequence, partition, offset)) NOT IN (
    SELECT tenant, object, record, version
    FROM (
      SELECT tenant, object, record, version
      FROM (
        SELECT
          toString(tenant) AS tenant,
          toString(object) AS object,
          record,
          (event_time, sequence, partition, offset) AS version
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset >= {low:Array(UInt64)}[partition + 1]
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND schema_version >= {since_version:UInt32}
          AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
          AND event_time < received_at - toIntervalDay({late_days:UInt32})
      ) AS late
      INNER JOIN (
        SELECT tenant, object, record, max((event_time, sequence, partition, offset)) AS known
        FROM records_2_83443e2bf1b0437a
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role != 1
          AND (tenant, object, record) IN (
            SELECT tenant, object, record
            FROM (
              SELECT
                toString(tenant) AS tenant,
                toString(object) AS object,
                record,
                (event_time, sequence, partition, offset) AS version
              FROM record_log
              WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
                AND offset >= {low:Array(UInt64)}[partition + 1]
                AND offset < {high:Array(UInt64)}[partition + 1]
                AND schema_version >= {since_version:UInt32}
                AND (received_at, partition, offset) NOT IN (
                  SELECT received_at, partition, offset FROM {repeats:Identifier}
                )
                AND event_time < received_at - toIntervalDay({late_days:UInt32})
            )
          )
        GROUP BY tenant, object, record
        HAVING min(role) < 3
      ) AS before
      USING (tenant, object, record)
      WHERE version < known
    )
  )
  AND (toString(tenant), toString(source), event_id, (received_at, partition, offset)) IN (
    SELECT toString(tenant), toString(source), event_id, min((received_at, partition, offset))
    FROM record_log
    WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
      AND offset < {high:Array(UInt64)}[partition + 1]
      AND (toString(tenant), toString(source), event_id) IN (
        SELECT toString(tenant), toString(source), event_id
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND schema_version >= {since_version:UInt32}
          AND (toString(tenant), record) IN (SELECT tenant, record FROM refresh_moved_3000000)
      )
    GROUP BY toString(tenant), toString(source), event_id
  )
UNION ALL
SELECT
  tenant,
  record,
  0,
  [],
  1,
  groupArrayIf(reference, startsWith(reference, 'email:')),
  1,
  groupArrayIf(reference, startsWith(reference, 'external:')),
  toDateTime64('1900-01-01', 3, 'UTC'),
  0,
  0,
  0
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
    AND (tenant, record) IN (SELECT tenant, record FROM refresh_moved_3000000)
    AND NOT deleted
)
GROUP BY tenant, record

-- their events in a first snapshot
INSERT INTO refresh_moves_3000000 (
  tenant, record, decides, targets, says_email, email, says_foreign, foreign, event_time, sequence, partition, offset
)
SELECT
  toString(tenant),
  record,
  kind = 1 OR kind = 3 AND notEmpty(JSONExtractRaw(`references`, '#merged_into')),
  JSONExtract(`references`, '#merged_into', 'Array(String)'),
  kind = 1 OR JSONHas(fields, 'email'),
  if(
    JSONExtractString(fields, 'email') = '',
    [],
    [concat('email:', lower(trimBoth(JSONExtractString(fields, 'email'), ' \t\n\r\x0c\x0b')))]
  ),
  kind = 1 OR JSONHas(`references`, '#external_ids'),
  arrayMap(foreign -> concat('external:', foreign), external_ids),
  event_time,
  sequence,
  partition,
  offset
FROM record_log
WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND offset < {high:Array(UInt64)}[partition + 1]
  AND schema_version >= {since_version:UInt32}
  AND (toString(tenant), record) IN (SELECT tenant, record FROM refresh_moved_3000000)
  AND (toString(tenant), toString(source), event_id, (received_at, partition, offset)) IN (
    SELECT toString(tenant), toString(source), event_id, min((received_at, partition, offset))
    FROM record_log
    WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
      AND offset < {high:Array(UInt64)}[partition + 1]
      AND (toString(tenant), toString(source), event_id) IN (
        SELECT toString(tenant), toString(source), event_id
        FROM record_log
        WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND offset < {high:Array(UInt64)}[partition + 1]
          AND schema_version >= {since_version:UInt32}
          AND (toString(tenant), record) IN (SELECT tenant, record FROM refresh_moved_3000000)
      )
    GROUP BY toString(tenant), toString(source), event_id
  )

-- their references
INSERT INTO link_aliases (tenant, reference, targets, version, changed_at)
SELECT tenant, reference, [concat('id:', argMax(record, (version, record)))], max(version), toDateTime64(0, 3, 'UTC')
FROM (
  SELECT
    tenant,
    record,
    any(merged.version) AS version,
    arrayJoin(
      arrayConcat(
        argMaxIf(email, (event_time, sequence, partition, offset), says_email),
        argMaxIf(foreign, (event_time, sequence, partition, offset), says_foreign)
      )
    ) AS reference
  FROM refresh_moves_3000000 AS moves
  INNER JOIN (
    SELECT tenant, record, newest, version
    FROM (
      SELECT
        tenant,
        record,
        argMax(targets, (event_time, sequence, partition, offset)) AS targets,
        max((event_time, sequence, partition, offset)) AS newest,
        bitShiftLeft(toUInt64(greatest(toUnixTimestamp64Milli(newest.1), 0)), 20) + toUInt64(
          least(greatest(newest.2, 0), 1048575)
        ) AS version
      FROM refresh_moves_3000000
      WHERE decides
      GROUP BY tenant, record
    )
    WHERE notEmpty(targets)
  ) AS merged
  USING (tenant, record)
  WHERE (event_time, sequence, partition, offset) < merged.newest
  GROUP BY tenant, record
)
GROUP BY tenant, reference

-- what they were merged into
INSERT INTO link_aliases (tenant, reference, targets, version, changed_at)
SELECT tenant, concat('id:', record), targets, version, toDateTime64(0, 3, 'UTC')
FROM (
  SELECT
    tenant,
    record,
    argMax(targets, (event_time, sequence, partition, offset)) AS targets,
    max((event_time, sequence, partition, offset)) AS newest,
    bitShiftLeft(toUInt64(greatest(toUnixTimestamp64Milli(newest.1), 0)), 20) + toUInt64(
      least(greatest(newest.2, 0), 1048575)
    ) AS version
  FROM refresh_moves_3000000
  WHERE decides
  GROUP BY tenant, record
)
