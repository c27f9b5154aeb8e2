-- rows
SELECT
  count() AS "m0"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
ORDER BY
  "m0" DESC
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 501
