-- rows
SELECT
  "d0",
  "d1",
  "d2"
FROM (
  SELECT
    subtractDays(
      toDate32(toTimeZone("base"."f_opened_at", {p0: String})),
      modulo(toDayOfWeek(toTimeZone("base"."f_opened_at", {p0: String})), 7)
    ) AS "d0",
    plus(modulo(toDayOfWeek(toTimeZone("base"."f_opened_at", {p0: String})), 7), 1) AS "d1",
    subtractDays(toDate32("base"."f_due_on"), modulo(toDayOfWeek("base"."f_due_on"), 7)) AS "d2",
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
  WHERE
    (
      ifNull("base"."f_opened_at" >= {p4: DateTime64(3, 'UTC')}, FALSE)
      AND ifNull("base"."f_opened_at" < {p5: DateTime64(3, 'UTC')}, FALSE)
    )
    AND (
      ifNull("base"."f_due_on" >= {p6: Date32}, FALSE)
      AND ifNull("base"."f_due_on" < {p7: Date32}, FALSE)
    )
    AND (
      ifNull("base"."f_due_on" >= {p8: Date32}, FALSE)
      AND ifNull("base"."f_due_on" <= {p9: Date32}, FALSE)
    )
) AS joined
GROUP BY
  "d0",
  "d1",
  "d2"
ORDER BY
  "d0" ASC,
  "d1" ASC,
  "d2" ASC
LIMIT {p10: UInt64}
-- p0 = 'America/Chicago'
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2026-11-22 06:00:00.000'
-- p5 = '2026-11-29 06:00:00.000'
-- p6 = '2026-04-01'
-- p7 = '2026-10-01'
-- p8 = '2026-01-01'
-- p9 = '2026-11-23'
-- p10 = 501
