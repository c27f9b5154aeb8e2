-- rows
SELECT
  "d0",
  count() AS "m0",
  countIf("passing0") AS "m1",
  sum("v2") AS "m2",
  uniqExactArray("v3") AS "m3"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    ifNull("base"."f_urgent" = {p0: Bool}, FALSE) AS "passing0",
    ifNull("base"."f_opened_at" >= {p1: DateTime64(3, 'UTC')}, FALSE)
    AND ifNull("base"."f_opened_at" <= {p2: DateTime64(3, 'UTC')}, FALSE) AS "passing1",
    if("passing0", "base"."f_amount", NULL) AS "v2",
    if("passing1", "base"."f_tags", []) AS "v3",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_opened_at",
      "f_status",
      "f_tags",
      "f_urgent"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p3: UInt64}
      AND "tenant" = {p4: String}
      AND "object" = {p5: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0"
HAVING
  ifNull("m1" >= {p6: Float64}, FALSE)
ORDER BY
  "m2" DESC,
  "d0" ASC
LIMIT {p7: UInt64}
-- p0 = True
-- p1 = '2026-11-16 11:30:00.000'
-- p2 = '2026-11-23 11:30:00.000'
-- p3 = 7
-- p4 = 'acme'
-- p5 = 'ticket'
-- p6 = 1.0
-- p7 = 501

-- totals
SELECT
  count() AS "m0",
  countIf("passing0") AS "m1",
  sum("v2") AS "m2",
  uniqExactArray("v3") AS "m3"
FROM (
  SELECT
    ifNull("base"."f_urgent" = {p0: Bool}, FALSE) AS "passing0",
    ifNull("base"."f_opened_at" >= {p1: DateTime64(3, 'UTC')}, FALSE)
    AND ifNull("base"."f_opened_at" <= {p2: DateTime64(3, 'UTC')}, FALSE) AS "passing1",
    if("passing0", "base"."f_amount", NULL) AS "v2",
    if("passing1", "base"."f_tags", []) AS "v3",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_opened_at",
      "f_tags",
      "f_urgent"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p3: UInt64}
      AND "tenant" = {p4: String}
      AND "object" = {p5: String}
      AND NOT "deleted"
  ) AS base
) AS joined
-- p0 = True
-- p1 = '2026-11-16 11:30:00.000'
-- p2 = '2026-11-23 11:30:00.000'
-- p3 = 7
-- p4 = 'acme'
-- p5 = 'ticket'
