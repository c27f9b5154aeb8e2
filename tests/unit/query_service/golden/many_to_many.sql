-- rows
SELECT
  "d0",
  uniqExact("record") AS "m0",
  sumIf("v1", "first_of_record") AS "m1",
  (
    quantileExactLowIf("v2", "first_of_record") + quantileExactHighIf("v2", "first_of_record")
  ) / 2 AS "m2",
  min("v3") AS "m3"
FROM (
  SELECT
    *,
    row_number() OVER (PARTITION BY "d0", "record") = 1 AS "first_of_record"
  FROM (
    SELECT
      nullIf("contact"."f_country", '') AS "d0",
      "base"."f_price" AS "v1",
      "base"."f_minutes" AS "v2",
      "contact"."f_created_at" AS "v3",
      "base"."record" AS "record",
      "contact"."record" AS "contact"
    FROM (
      SELECT
        "record",
        "f_minutes",
        "f_price",
        arrayJoin("links_guests") AS "link"
      FROM "records_2_9db1efd3c514e7a7"
      WHERE
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
    ) AS base
    INNER JOIN (
      SELECT
        "record",
        "f_country",
        "f_created_at"
      FROM "records_2_83443e2bf1b0437a"
      WHERE
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
    ) AS contact
      ON "base"."link" = "contact"."record"
  ) AS rows
) AS joined
GROUP BY
  "d0"
ORDER BY
  "m0" DESC,
  "d0" ASC
LIMIT {p4: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 501

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
