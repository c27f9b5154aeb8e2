-- rows
SELECT
  "d0",
  "d1",
  "d2",
  count() AS "m0",
  sum("v1") AS "m1"
FROM (
  SELECT
    "base"."f_urgent" AS "d0",
    nullIf("base"."f_status", '') AS "d1",
    toStartOfMonth(toTimeZone("base"."f_opened_at", {p0: String})) AS "d2",
    "base"."f_amount" AS "v1",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_opened_at",
      "f_status",
      "f_urgent"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p1: UInt64}
      AND "tenant" = {p2: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0",
  "d1",
  "d2"
LIMIT {p4: UInt64}
-- p0 = 'America/Chicago'
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = 200001

-- totals
SELECT
  "d0",
  "d1",
  count() AS "m0",
  sum("v1") AS "m1"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    toStartOfMonth(toTimeZone("base"."f_opened_at", {p0: String})) AS "d1",
    "base"."f_amount" AS "v1",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_opened_at",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p1: UInt64}
      AND "tenant" = {p2: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0",
  "d1"
LIMIT {p4: UInt64}
-- p0 = 'America/Chicago'
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = 200001
