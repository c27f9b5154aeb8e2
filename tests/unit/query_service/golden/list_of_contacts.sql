-- rows
SELECT
  "d0",
  "record"
FROM (
  SELECT
    nullIf("base"."f_email", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_email"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      (
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
      )
      AND NOT (
        "record" IN (
          SELECT
            arrayJoin("links_requester")
          FROM "records_2_6888f99a202f4a5b"
          WHERE
            "build" = {p0: UInt64}
            AND "tenant" = {p1: String}
            AND "object" = {p3: String}
            AND NOT "deleted"
        )
      )
  ) AS base
) AS listed
ORDER BY
  "d0" DESC,
  "record"
LIMIT {p4: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'contact'
-- p3 = 'ticket'
-- p4 = 501

-- matching
SELECT
  count() AS "matching"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      (
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
      )
      AND NOT (
        "record" IN (
          SELECT
            arrayJoin("links_requester")
          FROM "records_2_6888f99a202f4a5b"
          WHERE
            "build" = {p0: UInt64}
            AND "tenant" = {p1: String}
            AND "object" = {p3: String}
            AND NOT "deleted"
        )
      )
  ) AS base
) AS listed
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'contact'
-- p3 = 'ticket'
