-- rows
SELECT
  uniqExactIf("record", "passing0") AS "m0",
  sumIf("v1", "first_of_record_passing0") AS "m1",
  sumIf("v2", "first_of_record") AS "m2"
FROM (
  SELECT
    *,
    row_number() OVER (PARTITION BY "record", "passing0") = 1 AS "first_of_record_passing0",
    row_number() OVER (PARTITION BY "record") = 1 AS "first_of_record"
  FROM (
    SELECT
      ifNull(nullIf("contact"."f_country", '') = {p0: String}, FALSE) AS "passing0",
      if("passing0", "base"."f_price", NULL) AS "v1",
      "base"."f_price" AS "v2",
      "base"."record" AS "record",
      "contact"."record" AS "contact"
    FROM (
      SELECT
        "record",
        "f_price",
        arrayJoin("links_guests") AS "link"
      FROM "records_2_9db1efd3c514e7a7"
      WHERE
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
    ) AS base
    INNER JOIN (
      SELECT
        "record",
        "f_country"
      FROM "records_2_83443e2bf1b0437a"
      WHERE
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p4: String}
        AND NOT "deleted"
    ) AS contact
      ON "base"."link" = "contact"."record"
  ) AS rows
) AS joined
ORDER BY
  "m0" DESC
LIMIT {p5: UInt64}
-- p0 = 'FR'
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'booking'
-- p4 = 'contact'
-- p5 = 501

-- join
SELECT
  countIf(notEmpty("links_guests")) AS "kept",
  countIf(empty("links_guests")) AS "dropped"
FROM (
  SELECT
    "links_guests"
  FROM "records_2_9db1efd3c514e7a7"
  WHERE
    "build" = {p0: UInt64}
    AND "tenant" = {p1: String}
    AND "object" = {p2: String}
    AND NOT "deleted"
) AS base
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
