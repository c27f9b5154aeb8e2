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
      AND "record" IN (
        SELECT
          "base"."record"
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
          ifNull("base"."f_minutes" > {p4: Float64}, FALSE)
          AND (
            ifNull(nullIf("contact"."f_country", '') = {p5: String}, FALSE)
            OR "base"."f_price" IS NULL
          )
      )
  ) AS base
  WHERE
    ifNull("base"."f_minutes" > {p4: Float64}, FALSE)
) AS listed
ORDER BY
  "record"
LIMIT {p6: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 5.0
-- p5 = 'FR'
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
      AND "record" IN (
        SELECT
          "base"."record"
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
          ifNull("base"."f_minutes" > {p4: Float64}, FALSE)
          AND (
            ifNull(nullIf("contact"."f_country", '') = {p5: String}, FALSE)
            OR "base"."f_price" IS NULL
          )
      )
  ) AS base
  WHERE
    ifNull("base"."f_minutes" > {p4: Float64}, FALSE)
) AS listed
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 5.0
-- p5 = 'FR'
