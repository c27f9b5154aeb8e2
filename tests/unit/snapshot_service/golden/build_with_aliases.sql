-- build
INSERT INTO records_2_0d2fdf677ba6b340 (
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
  `f_minutes`,
  `refs_guests`,
  `hits_guests`,
  `links_guests`,
  `refs_invitee`,
  `hits_invitee`,
  `links_invitee`
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
  `f_minutes`,
  `refs_guests`,
  arrayMap(
    (reference, hit) -> if(
      hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
      hit,
      if(
        startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
        substring(reference, 4),
        joinGet('refresh_contacts_3000000', 'record', tenant, reference)
      )
    ),
    `refs_guests`,
    `hits_guests`
  ) AS `resolved_guests`,
  arrayDistinct(
    arrayMap(
      hit -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)),
      arrayFilter(hit -> hit != '', `resolved_guests`)
    )
  ),
  `refs_invitee`,
  arrayMap(
    (reference, hit) -> if(
      hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
      hit,
      if(
        startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
        substring(reference, 4),
        joinGet('refresh_contacts_3000000', 'record', tenant, reference)
      )
    ),
    `refs_invitee`,
    `hits_invitee`
  ) AS `resolved_invitee`,
  arraySlice(
    arrayDistinct(
      arrayMap(
        hit -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)),
        arrayFilter(hit -> hit != '', `resolved_invitee`)
      )
    ),
    1,
    1
  )
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
        CAST(tupleElement(parsed, 'minutes_') AS Nullable(Float64)) AS `f_minutes`,
        JSONExtract(`references`, 'guests', 'Array(String)') AS `refs_guests`,
        arrayMap(reference -> '', JSONExtract(`references`, 'guests', 'Array(String)')) AS `hits_guests`,
        JSONExtract(`references`, 'invitee', 'Array(String)') AS `refs_invitee`,
        arrayMap(reference -> '', JSONExtract(`references`, 'invitee', 'Array(String)')) AS `hits_invitee`
      FROM (
        SELECT
          *,
          JSONExtract(
            replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'), 'Tuple(`minutes_` Nullable(Float64))'
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
              FROM records_2_0d2fdf677ba6b340
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
        arrayFilter(name -> name IN ('minutes', 'guests', 'invitee', '#external_ids'), named) AS named,
        `f_minutes`,
        `refs_guests`,
        `hits_guests`,
        `refs_invitee`,
        `hits_invitee`
      FROM records_2_0d2fdf677ba6b340
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
          FROM records_2_0d2fdf677ba6b340
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
    arrayFilter(name -> name IN ('minutes', 'guests', 'invitee', '#external_ids'), named) AS named,
    `f_minutes`,
    `refs_guests`,
    `hits_guests`,
    `refs_invitee`,
    `hits_invitee`
  FROM records_2_0d2fdf677ba6b340
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
      FROM records_2_0d2fdf677ba6b340
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
)
WHERE NOT (kind = 3 AND received_at < {expiry:DateTime64(3, 'UTC')})

-- patched records
INSERT INTO records_2_a103d5b8f8c2f24c (
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
  `f_status`,
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
  `f_status`,
  `refs_requester`,
  arrayMap(
    (reference, hit) -> if(
      hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
      hit,
      if(
        startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
        substring(reference, 4),
        joinGet('refresh_contacts_3000000', 'record', tenant, reference)
      )
    ),
    `refs_requester`,
    `hits_requester`
  ) AS `resolved_requester`,
  arraySlice(
    arrayDistinct(
      arrayMap(
        hit -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)),
        arrayFilter(hit -> hit != '', `resolved_requester`)
      )
    ),
    1,
    1
  )
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
    argMaxIf(tuple(pieces.`f_status`), version, kind != 2 OR has(pieces.named, 'status')).1 AS `f_status`,
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
              CAST(tupleElement(parsed, 'status_') AS Nullable(String)) AS `f_status`,
              JSONExtract(`references`, 'requester', 'Array(String)') AS `refs_requester`,
              arrayMap(reference -> '', JSONExtract(`references`, 'requester', 'Array(String)')) AS `hits_requester`
            FROM (
              SELECT
                *,
                JSONExtract(
                  replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'),
                  'Tuple(`amount_` Nullable(String), `status_` Nullable(String))'
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
                  )
              )
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
