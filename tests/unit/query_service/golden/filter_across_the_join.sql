-- rows
SELECT
  count() AS "m0"
FROM (
  SELECT
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
      "f_status",
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
    ifNull(nullIf("contact"."f_country", '') = {p4: String}, FALSE)
    OR ifNull(nullIf("base"."f_status", '') = {p5: String}, FALSE)
) AS joined
ORDER BY
  "m0" DESC
LIMIT {p6: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'contact'
-- p4 = 'FR'
-- p5 = 'open'
-- p6 = 501

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
