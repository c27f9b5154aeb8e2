-- rows
SELECT
  "d0",
  sum("v0") AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."f_amount" AS "v0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
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
              "f_country"
            FROM "records_2_83443e2bf1b0437a"
            WHERE
              "build" = {p0: UInt64}
              AND "tenant" = {p1: String}
              AND "object" = {p3: String}
              AND NOT "deleted"
          ) AS contact
          WHERE
            ifNull(nullIf("contact"."f_country", '') = {p4: String}, FALSE)
        ),
        "links_requester"
      )
  ) AS base
  WHERE
    NOT (
      nullIf("base"."f_status", '') IS NULL
    )
) AS joined
GROUP BY
  "d0"
ORDER BY
  "m0" DESC,
  "d0" ASC
LIMIT {p5: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'contact'
-- p4 = 'FR'
-- p5 = 501

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
