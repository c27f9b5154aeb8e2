-- of a first snapshot
INSERT INTO refresh_repeats_3000000 (received_at, partition, offset)
SELECT place.1, place.2, place.3
FROM (
  SELECT
    groupUniqArray((received_at, partition, offset)) AS places,
    arrayJoin(arrayFilter(one -> one != arrayMin(places), places)) AS place
  FROM record_log
  WHERE offset < {high:Array(UInt64)}[partition + 1]
    AND cityHash64(tenant, source, event_id) IN (
      SELECT cityHash64(tenant, source, event_id) AS hash
      FROM record_log
      WHERE offset < {high:Array(UInt64)}[partition + 1]
      GROUP BY hash
      HAVING count() > 1
    )
  GROUP BY tenant, source, event_id
)

-- of a later snapshot
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

-- found anew to verify
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
