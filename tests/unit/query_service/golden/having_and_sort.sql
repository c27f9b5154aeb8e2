-- rows
SELECT
  "d0",
  count() AS "m0",
  sum("v1") AS "m1"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."f_amount" AS "v1",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0"
HAVING
  ifNull("m0" >= {p3: Float64}, FALSE) OR "d0" IS NULL
ORDER BY
  "m1" DESC,
  "d0" ASC
LIMIT {p4: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 5.0
-- p4 = 501
