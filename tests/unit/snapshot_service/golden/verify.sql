-- a first build
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
      )
      WHERE kind = 3
    )
    GROUP BY tenant, object, record
  )
  WHERE greatest.5 = 3
  GROUP BY tenant, object
)
GROUP BY tenant, object

-- builds from two layouts
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
    FROM records_2_a103d5b8f8c2f24c
    WHERE (tenant, object, build) IN (
      SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
    )
      AND role != 1
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
    FROM records_2_0d2fdf677ba6b340
    WHERE (tenant, object, build) IN (
      SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
    )
      AND role != 1
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
      FROM records_2_a103d5b8f8c2f24c
      WHERE (tenant, object, build) IN (
        SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
      )
        AND role != 1
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
      FROM records_2_0d2fdf677ba6b340
      WHERE (tenant, object, build) IN (
        SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
      )
        AND role != 1
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
        FROM records_2_a103d5b8f8c2f24c
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role != 1
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
        FROM records_2_0d2fdf677ba6b340
        WHERE (tenant, object, build) IN (
          SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
        )
          AND role != 1
      )
      WHERE kind = 3
    )
    GROUP BY tenant, object, record
  )
  WHERE greatest.5 = 3
  GROUP BY tenant, object
)
GROUP BY tenant, object

-- a first build with patches
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
        )
    )
    GROUP BY tenant, object, record
  )
  GROUP BY tenant, object
)
GROUP BY tenant, object

-- a build with patches
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
        FROM records_2_a103d5b8f8c2f24c
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
    FROM records_2_a103d5b8f8c2f24c
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
        FROM records_2_a103d5b8f8c2f24c
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
          FROM records_2_a103d5b8f8c2f24c
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
      FROM records_2_a103d5b8f8c2f24c
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
          FROM records_2_a103d5b8f8c2f24c
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
            FROM records_2_a103d5b8f8c2f24c
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
        FROM records_2_a103d5b8f8c2f24c
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
            FROM records_2_a103d5b8f8c2f24c
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
          FROM records_2_a103d5b8f8c2f24c
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
      FROM records_2_a103d5b8f8c2f24c
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
          FROM records_2_a103d5b8f8c2f24c
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
