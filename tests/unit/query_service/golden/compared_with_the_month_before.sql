-- rows
SELECT
  "d0",
  "d1",
  count() AS "m0",
  max("v1") AS "m1"
FROM (
  SELECT
    toDate32(toTimeZone("base"."f_opened_at", {p0: String})) AS "d0",
    nullIf("contact"."f_country", '') AS "d1",
    "base"."f_opened_at" AS "v1",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
      "f_opened_at",
      arrayJoin("links_requester") AS "link"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p1: UInt64}
      AND "tenant" = {p2: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS base
  INNER JOIN (
    SELECT
      "record",
      "f_country"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p1: UInt64}
      AND "tenant" = {p2: String}
      AND "object" = {p4: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
  WHERE
    ifNull("base"."f_opened_at" >= {p5: DateTime64(3, 'UTC')}, FALSE)
    AND ifNull("base"."f_opened_at" <= {p6: DateTime64(3, 'UTC')}, FALSE)
) AS joined
GROUP BY
  "d0",
  "d1"
LIMIT {p7: UInt64}
-- p0 = 'America/Chicago'
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = 'contact'
-- p5 = '2026-11-01 05:00:00.000'
-- p6 = '2026-11-23 11:30:00.000'
-- p7 = 200001

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

-- previous_rows
SELECT
  "d0",
  "d1",
  count() AS "m0",
  max("v1") AS "m1"
FROM (
  SELECT
    toDate32(toTimeZone("base"."moved", {p0: String})) AS "d0",
    nullIf("contact"."f_country", '') AS "d1",
    "base"."moved" AS "v1",
    "base"."record" AS "record",
    "contact"."record" AS "contact"
  FROM (
    SELECT
      "record",
      "f_opened_at",
      plus(
        toUnixTimestamp64Milli("f_opened_at"),
        multiply(
          timezoneOffset(
            toTimeZone(
              fromUnixTimestamp64Second(
                minus(
                  intDiv(plus(toUnixTimestamp64Milli("f_opened_at"), 4320000000000), 1000),
                  4320000000
                ),
                'UTC'
              ),
              {p0: String}
            )
          ),
          1000
        )
      ) AS "stored_clock",
      minus(intDiv(plus("stored_clock", 4320000000000), 86400000), 50000) AS "stored_day",
      plus(
        "stored_clock",
        multiply(
          minus(
            toInt64(toInt32(addMonths(toDate32(toInt32("stored_day")), {p1: Int64}))),
            "stored_day"
          ),
          86400000
        )
      ) AS "moved_clock",
      minus(intDiv(plus("moved_clock", 4320000000000), 1000), 4320000000) AS "moved_second",
      greatest(
        timezoneOffset(
          toTimeZone(fromUnixTimestamp64Second(minus("moved_second", 50400), 'UTC'), {p0: String})
        ),
        timezoneOffset(
          toTimeZone(fromUnixTimestamp64Second(plus("moved_second", 45000), 'UTC'), {p0: String})
        )
      ) AS "moved_ahead",
      minus(
        "moved_clock",
        multiply(
          timezoneOffset(
            toTimeZone(
              fromUnixTimestamp64Second(minus("moved_second", "moved_ahead"), 'UTC'),
              {p0: String}
            )
          ),
          1000
        )
      ) AS "moved_at",
      fromUnixTimestamp64Milli("moved_at", 'UTC') AS "moved",
      arrayJoin("links_requester") AS "link"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p2: UInt64}
        AND "tenant" = {p3: String}
        AND "object" = {p4: String}
        AND NOT "deleted"
      )
      AND "f_opened_at" >= {p5: DateTime64(3, 'UTC')}
      AND "f_opened_at" <= {p6: DateTime64(3, 'UTC')}
      AND ifNull("moved_at" < 10413792000000, TRUE)
  ) AS base
  INNER JOIN (
    SELECT
      "record",
      "f_country"
    FROM "records_2_83443e2bf1b0437a"
    WHERE
      "build" = {p2: UInt64}
      AND "tenant" = {p3: String}
      AND "object" = {p7: String}
      AND NOT "deleted"
  ) AS contact
    ON "base"."link" = "contact"."record"
  WHERE
    ifNull("base"."moved" >= {p8: DateTime64(3, 'UTC')}, FALSE)
    AND ifNull("base"."moved" <= {p9: DateTime64(3, 'UTC')}, FALSE)
) AS joined
GROUP BY
  "d0",
  "d1"
LIMIT {p10: UInt64}
-- p0 = 'America/Chicago'
-- p1 = 1
-- p2 = 7
-- p3 = 'acme'
-- p4 = 'ticket'
-- p5 = '2026-09-28 05:00:00.000'
-- p6 = '2026-10-29 11:30:00.000'
-- p7 = 'contact'
-- p8 = '2026-11-01 05:00:00.000'
-- p9 = '2026-11-23 11:30:00.000'
-- p10 = 200001
