-- rows
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_country", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_country"
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
) AS joined
GROUP BY
  "d0"
ORDER BY
  "m0" DESC,
  "d0" ASC
LIMIT {p4: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'contact'
-- p3 = 'ticket'
-- p4 = 501
