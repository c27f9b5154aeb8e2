-- rows
SELECT
  "d0",
  "d1",
  "d2",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."f_urgent" AS "d1",
    arrayJoin(emptyArrayToSingle(CAST("base"."f_tags", 'Array(Nullable(String))'))) AS "d2",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_status",
      "f_tags",
      "f_urgent"
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
  "d1",
  "d2"
ORDER BY
  "m0" DESC,
  "d0" ASC,
  "d1" ASC,
  "d2" ASC
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 11

-- subtotals_1
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
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
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 200001

-- subtotals_2
SELECT
  "d0",
  "d1",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."f_urgent" AS "d1",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_status",
      "f_urgent"
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
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 200001
