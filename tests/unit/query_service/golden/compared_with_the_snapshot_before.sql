-- rows
SELECT
  "d0",
  count() AS "m0",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v1_whole"))) * 4611686018427387904 + sum(toInt128("v1_part"))
      ) + sumKahan((
        "v1" - "v1_whole"
      ) * 4611686018427387904 - "v1_part")
    ) / 4611686018427387904,
    count("v1")
  ) AS "m1"
FROM (
  SELECT
    nullIf("contact"."f_country", '') AS "d0",
    "base"."f_csat" AS "v1",
    toInt64("v1") AS "v1_whole",
    toInt64((
      "v1" - "v1_whole"
    ) * 4611686018427387904) AS "v1_part",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
      "f_csat",
      "f_opened_at",
      arrayJoin("links_requester") AS "link"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
  INNER JOIN (
    SELECT
      "record",
      "f_country"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
  WHERE
    ifNull("base"."f_opened_at" >= {p4: DateTime64(3, 'UTC')}, FALSE)
    AND ifNull("base"."f_opened_at" <= {p5: DateTime64(3, 'UTC')}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p6: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'contact'
-- p4 = '2026-11-16 11:30:00.000'
-- p5 = '2026-11-23 11:30:00.000'
-- p6 = 200001

-- join
SELECT
  countIf(notEmpty("links_requester")) AS "kept",
  countIf(empty("links_requester")) AS "dropped"
FROM (
  SELECT
    "links_requester"
  FROM "records_2_6888f99a202f4a5b"
  WHERE
    "build" = {p0: UInt64}
    AND "tenant" = {p1: String}
    AND "object" = {p2: String}
    AND NOT "deleted"
) AS base
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'

-- previous_rows
SELECT
  "d0",
  count() AS "m0",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v1_whole"))) * 4611686018427387904 + sum(toInt128("v1_part"))
      ) + sumKahan((
        "v1" - "v1_whole"
      ) * 4611686018427387904 - "v1_part")
    ) / 4611686018427387904,
    count("v1")
  ) AS "m1"
FROM (
  SELECT
    nullIf("contact"."f_country", '') AS "d0",
    "base"."f_csat" AS "v1",
    toInt64("v1") AS "v1_whole",
    toInt64((
      "v1" - "v1_whole"
    ) * 4611686018427387904) AS "v1_part",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      '' AS "record",
      CAST(NULL, 'Nullable(Float64)') AS "f_csat",
      CAST(NULL, 'Nullable(DateTime64(3, ''UTC''))') AS "f_opened_at",
      arrayJoin(CAST([], 'Array(String)')) AS "link"
    WHERE
      FALSE
  ) AS base
  INNER JOIN (
    SELECT
      "record",
      "f_country"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
  WHERE
    ifNull("base"."f_opened_at" >= {p3: DateTime64(3, 'UTC')}, FALSE)
    AND ifNull("base"."f_opened_at" <= {p4: DateTime64(3, 'UTC')}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p5: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'contact'
-- p3 = '2026-11-16 11:30:00.000'
-- p4 = '2026-11-23 11:30:00.000'
-- p5 = 200001
