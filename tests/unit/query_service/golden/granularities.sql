-- rows
SELECT
  "d0",
  "d1",
  "d2",
  "d3",
  "d4",
  max("v0") AS "m0"
FROM (
  SELECT
    fromUnixTimestamp64Second(
      plus(
        minus(
          toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String})),
          positiveModulo(
            plus(
              toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String})),
              timezoneOffset(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String}))
            ),
            3600
          )
        ),
        minus(
          timezoneOffset(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String})),
          timezoneOffset(
            toTimeZone(
              fromUnixTimestamp64Second(
                minus(
                  toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String})),
                  positiveModulo(
                    plus(
                      toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String})),
                      timezoneOffset(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p0: String}))
                    ),
                    3600
                  )
                ),
                'UTC'
              ),
              {p0: String}
            )
          )
        )
      ),
      'UTC'
    ) AS "d0",
    toDate32(toTimeZone("base"."f_opened_at", {p0: String})) AS "d1",
    toMonday(toTimeZone("base"."f_opened_at", {p0: String})) AS "d2",
    toDayOfWeek(toTimeZone("base"."f_opened_at", {p0: String})) AS "d3",
    toStartOfQuarter("base"."f_due_on") AS "d4",
    "base"."f_opened_at" AS "v0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_opened_at"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p1: UInt64}
      AND "tenant" = {p2: String}
      AND "object" = {p3: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0",
  "d1",
  "d2",
  "d3",
  "d4"
ORDER BY
  "d0" ASC,
  "d1" ASC,
  "d2" ASC,
  "d3" ASC,
  "d4" ASC
LIMIT {p4: UInt64}
-- p0 = 'America/Chicago'
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = 501
