-- rows
SELECT
  "d0",
  count() AS "m0",
  uniqExact("contact") AS "m1",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v2_whole"))) * 4611686018427387904 + sum(toInt128("v2_part"))
      ) + sumKahan((
        "v2" - "v2_whole"
      ) * 4611686018427387904 - "v2_part")
    ) / 4611686018427387904,
    count("v2")
  ) AS "m2"
FROM (
  SELECT
    nullIf("contact"."f_country", '') AS "d0",
    "base"."f_csat" AS "v2",
    toInt64("v2") AS "v2_whole",
    toInt64((
      "v2" - "v2_whole"
    ) * 4611686018427387904) AS "v2_part",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
      "f_csat",
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
) AS joined
GROUP BY
  "d0"
ORDER BY
  "m0" DESC,
  "d0" ASC
LIMIT {p4: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'contact'
-- p4 = 501

-- totals
SELECT
  count() AS "m0",
  uniqExact("contact") AS "m1",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v2_whole"))) * 4611686018427387904 + sum(toInt128("v2_part"))
      ) + sumKahan((
        "v2" - "v2_whole"
      ) * 4611686018427387904 - "v2_part")
    ) / 4611686018427387904,
    count("v2")
  ) AS "m2"
FROM (
  SELECT
    "base"."f_csat" AS "v2",
    toInt64("v2") AS "v2_whole",
    toInt64((
      "v2" - "v2_whole"
    ) * 4611686018427387904) AS "v2_part",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
      "f_csat",
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
      "record"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
) AS joined
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'contact'

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
