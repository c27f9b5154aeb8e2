-- rows
WITH (
  SELECT
    groupArray(tuple("d0", "d1", "record", "contact"))
  FROM (
    SELECT
      "base"."f_price" AS "d0",
      nullIf("contact"."f_email", '') AS "d1",
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
    WHERE
      "base"."record" = {p5: String} AND "contact"."record" = {p6: String}
  ) AS listed
) AS position
SELECT
  "d0",
  "d1",
  "d2",
  "record",
  "contact"
FROM (
  SELECT
    "base"."f_price" AS "d0",
    nullIf("contact"."f_email", '') AS "d1",
    "base"."record" AS "d2",
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
      "f_email"
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
) AS listed
WHERE
  multiIf(
    ifNull(
      "d0" < tupleElement(arrayElement("position", 1), 1),
      "d0" IS NULL AND NOT (
        tupleElement(arrayElement("position", 1), 1) IS NULL
      )
    ),
    TRUE,
    ifNull(
      "d0" <> tupleElement(arrayElement("position", 1), 1),
      (
        "d0" IS NULL
      ) <> (
        tupleElement(arrayElement("position", 1), 1) IS NULL
      )
    ),
    FALSE,
    ifNull(
      "d1" > tupleElement(arrayElement("position", 1), 2),
      "d1" IS NULL AND NOT (
        tupleElement(arrayElement("position", 1), 2) IS NULL
      )
    ),
    TRUE,
    ifNull(
      "d1" <> tupleElement(arrayElement("position", 1), 2),
      (
        "d1" IS NULL
      ) <> (
        tupleElement(arrayElement("position", 1), 2) IS NULL
      )
    ),
    FALSE,
    "record" > tupleElement(arrayElement("position", 1), 3),
    TRUE,
    "record" <> tupleElement(arrayElement("position", 1), 3),
    FALSE,
    "contact" > tupleElement(arrayElement("position", 1), 4)
  )
ORDER BY
  "d0" DESC,
  "d1" ASC,
  "record",
  "contact"
LIMIT {p7: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 5.0
-- p5 = 'b1'
-- p6 = 'ann'
-- p7 = 501

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
      "f_minutes",
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
  WHERE
    ifNull("base"."f_minutes" > {p4: Float64}, FALSE)
) AS listed
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 'contact'
-- p4 = 5.0
