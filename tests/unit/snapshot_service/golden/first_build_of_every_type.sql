-- build
INSERT INTO records_2_d207728a4a84a4b8 (
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
  `f_a_boolean`,
  `f_a_currency`,
  `f_a_date`,
  `f_a_datetime`,
  `f_a_dropdown`,
  `f_a_multiselect`,
  `f_a_number`,
  `f_a_text`,
  `f_a_textarea`
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
  `f_a_boolean`,
  `f_a_currency`,
  `f_a_date`,
  `f_a_datetime`,
  `f_a_dropdown`,
  `f_a_multiselect`,
  `f_a_number`,
  `f_a_text`,
  `f_a_textarea`
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
    CAST(tupleElement(parsed, 'a_boolean_') AS Nullable(Bool)) AS `f_a_boolean`,
    CAST(toDecimal128OrNull(tupleElement(parsed, 'a_currency_'), 4) AS Nullable(Decimal(19, 4))) AS `f_a_currency`,
    CAST(toDate32OrNull(tupleElement(parsed, 'a_date_')) AS Nullable(Date32)) AS `f_a_date`,
    CAST(toDateTime64OrNull(tupleElement(parsed, 'a_datetime_'), 3, 'UTC') AS Nullable(DateTime64(3, 'UTC'))) AS `f_a_datetime`,
    CAST(tupleElement(parsed, 'a_dropdown_') AS Nullable(String)) AS `f_a_dropdown`,
    CAST(tupleElement(parsed, 'a_multiselect_') AS Array(String)) AS `f_a_multiselect`,
    CAST(tupleElement(parsed, 'a_number_') AS Nullable(Float64)) AS `f_a_number`,
    CAST(tupleElement(parsed, 'a_text_') AS Nullable(String)) AS `f_a_text`,
    CAST(tupleElement(parsed, 'a_textarea_') AS Nullable(String)) AS `f_a_textarea`
  FROM (
    SELECT
      *,
      JSONExtract(
        replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":'),
        'Tuple(`a_boolean_` Nullable(Bool), `a_currency_` Nullable(String), `a_date_` Nullable(String), `a_datetime_` Nullable(String), `a_dropdown_` Nullable(String), `a_multiselect_` Array(String), `a_number_` Nullable(Float64), `a_text_` Nullable(String), `a_textarea_` Nullable(String))'
      ) AS parsed
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
