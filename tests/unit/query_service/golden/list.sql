-- rows
SELECT
  "d0",
  "d1",
  "d2",
  "d3",
  "d4",
  "record"
FROM (
  SELECT
    "base"."record" AS "d0",
    nullIf("base"."f_subject", '') AS "d1",
    "base"."f_csat" AS "d2",
    "base"."f_tags" AS "d3",
    toNullable("base"."event_time") AS "d4",
    nullIf(arrayStringConcat("base"."f_tags", '; '), '') AS "s3",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "event_time",
      "f_csat",
      "f_status",
      "f_subject",
      "f_tags"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
      )
      AND notEmpty("links_requester")
  ) AS base
  WHERE
    ifNull(nullIf("base"."f_status", '') = {p3: String}, FALSE)
) AS listed
ORDER BY
  "s3" DESC,
  "d1" ASC,
  "record"
LIMIT {p4: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'open'
-- p4 = 501

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

-- matching
SELECT
  count() AS "matching"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p0: UInt64}
        AND "tenant" = {p1: String}
        AND "object" = {p2: String}
        AND NOT "deleted"
      )
      AND notEmpty("links_requester")
  ) AS base
  WHERE
    ifNull(nullIf("base"."f_status", '') = {p3: String}, FALSE)
) AS listed
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'open'
