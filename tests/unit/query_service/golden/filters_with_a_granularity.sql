-- rows
SELECT
  count() AS "m0"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_opened_at"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
  WHERE
    ifNull(toHour(toTimeZone("base"."f_opened_at", {p3: String})) >= {p4: Float64}, FALSE)
    AND ifNull(
      toDayOfWeek(toTimeZone("base"."f_opened_at", {p3: String})) IN {p5: Array(Float64)},
      FALSE
    )
    AND (
      ifNull(
        toStartOfMonth(toTimeZone("base"."f_opened_at", {p3: String})) >= {p6: Date32},
        FALSE
      )
      AND ifNull(
        toStartOfMonth(toTimeZone("base"."f_opened_at", {p3: String})) < {p7: Date32},
        FALSE
      )
    )
    AND ifNull(toStartOfQuarter("base"."f_due_on") = {p8: Date32}, FALSE)
    AND NOT ifNull(
      fromUnixTimestamp64Second(
        plus(
          minus(
            toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String})),
            positiveModulo(
              plus(
                toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String})),
                timezoneOffset(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String}))
              ),
              3600
            )
          ),
          minus(
            timezoneOffset(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String})),
            timezoneOffset(
              toTimeZone(
                fromUnixTimestamp64Second(
                  minus(
                    toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String})),
                    positiveModulo(
                      plus(
                        toUnixTimestamp64Second(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String})),
                        timezoneOffset(toTimeZone(toStartOfSecond("base"."f_opened_at"), {p3: String}))
                      ),
                      3600
                    )
                  ),
                  'UTC'
                ),
                {p3: String}
              )
            )
          )
        ),
        'UTC'
      ) = {p9: DateTime64(3, 'UTC')},
      FALSE
    )
) AS joined
ORDER BY
  "m0" DESC
LIMIT {p10: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'America/Chicago'
-- p4 = 18.0
-- p5 = [1.0, 7.0]
-- p6 = '2026-08-01'
-- p7 = '2026-11-01'
-- p8 = '2026-10-01'
-- p9 = '2026-11-01 06:00:00.000'
-- p10 = 501
