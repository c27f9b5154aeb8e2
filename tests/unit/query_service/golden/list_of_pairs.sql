-- rows
SELECT
  "d0",
  "d1",
  "record",
  "contact"
FROM (
  SELECT
    nullIf("contact"."f_email", '') AS "d0",
    "base"."f_price" AS "d1",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
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
      "f_email"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
) AS listed
ORDER BY
  "record",
  "contact"
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

-- matching
SELECT
  count() AS "matching"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
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
      "record"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
) AS listed
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
