-- rows
SELECT
  "d0",
  "record"
FROM (
  SELECT
    "base"."f_price" AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_minutes",
      "f_price"
    FROM "records_2_9db1efd3c514e7a7"
    WHERE
      (
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
      )
      AND arrayExists(
        linked -> linked IN (
          SELECT
            "contact"."record"
          FROM (
            SELECT
              "record",
              "f_country",
              "f_email"
            FROM "records_2_83443e2bf1b0437a"
            WHERE
              "build" = {p0: UInt64}
              AND "tenant" = {p1: String}
              AND "object" = {p3: String}
              AND NOT "deleted"
          ) AS contact
          WHERE
            ifNull(nullIf("contact"."f_country", '') = {p4: String}, FALSE)
            AND NOT (
              nullIf("contact"."f_email", '') IS NULL
            )
        ),
        "links_guests"
      )
  ) AS base
  WHERE
    ifNull("base"."f_minutes" > {p5: Float64}, FALSE)
) AS listed
ORDER BY
  "record"
LIMIT {p6: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 'FR'
-- p5 = 5.0
-- p6 = 501

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

-- matching
SELECT
  count() AS "matching"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_minutes"
    FROM "records_2_9db1efd3c514e7a7"
    WHERE
      (
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
      )
      AND arrayExists(
        linked -> linked IN (
          SELECT
            "contact"."record"
          FROM (
            SELECT
              "record",
              "f_country",
              "f_email"
            FROM "records_2_83443e2bf1b0437a"
            WHERE
              "build" = {p0: UInt64}
              AND "tenant" = {p1: String}
              AND "object" = {p3: String}
              AND NOT "deleted"
          ) AS contact
          WHERE
            ifNull(nullIf("contact"."f_country", '') = {p4: String}, FALSE)
            AND NOT (
              nullIf("contact"."f_email", '') IS NULL
            )
        ),
        "links_guests"
      )
  ) AS base
  WHERE
    ifNull("base"."f_minutes" > {p5: Float64}, FALSE)
) AS listed
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 'FR'
-- p5 = 5.0
