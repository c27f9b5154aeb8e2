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
      joinGet('refresh_contacts_3000000', 'record', tenant, reference)
    ),
    `refs_guests`,
    `hits_guests`
  ) AS `resolved_guests`,
  arrayDistinct(arrayFilter(hit -> hit != '', `resolved_guests`)),
  `refs_invitee`,
  arrayMap(
    (reference, hit) -> if(
      hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
      hit,
      joinGet('refresh_contacts_3000000', 'record', tenant, reference)
    ),
    `refs_invitee`,
    `hits_invitee`
  ) AS `resolved_invitee`,
  arraySlice(arrayDistinct(arrayFilter(hit -> hit != '', `resolved_invitee`)), 1, 1)
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
      JSONExtract(replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'), 'Tuple(`minutes_` Nullable(Float64))') AS parsed
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
