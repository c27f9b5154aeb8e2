-- records with new events
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
  `f_status`,
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
          WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
            AND offset >= {low:Array(UInt64)}[partition + 1]
            AND offset < {high:Array(UInt64)}[partition + 1]
            AND schema_version >= {since_version:UInt32}
            AND (received_at, partition, offset) NOT IN (
              SELECT received_at, partition, offset FROM {repeats:Identifier}
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
        arrayFilter(name -> name IN ('amount', 'status', 'requester', '#external_ids'), named) AS named,
        `f_amount`,
        `f_status`,
        `refs_requester`,
        `hits_requester`
      FROM records_2_a103d5b8f8c2f24c
      WHERE (tenant, object, build) IN (
        SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
      )
        AND role != 1
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

-- all other records
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
FROM records_2_a103d5b8f8c2f24c
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND NOT (deleted AND received_at < {expiry:DateTime64(3, 'UTC')})
  AND (tenant, object, record) NOT IN (
    SELECT toString(tenant), toString(object), record
    FROM record_log
    WHERE (tenant, object) IN (SELECT tenant, object FROM refresh_work WHERE build IN {builds:Array(UInt64)})
      AND offset >= {low:Array(UInt64)}[partition + 1]
      AND offset < {high:Array(UInt64)}[partition + 1]
      AND schema_version >= {since_version:UInt32}
      AND (received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})
  )
