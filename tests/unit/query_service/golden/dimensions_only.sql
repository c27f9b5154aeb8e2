-- rows
SELECT
  "d0",
  "d1"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    arrayJoin(emptyArrayToSingle(CAST("base"."f_tags", 'Array(Nullable(String))'))) AS "d1",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_status",
      "f_tags"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0",
  "d1"
ORDER BY
  "d0" ASC,
  "d1" ASC
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 4
