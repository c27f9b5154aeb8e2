-- rows
SELECT
  count() AS "m0"
FROM (
  SELECT
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_due_on",
      "f_opened_at",
      "f_status",
      "f_subject",
      "f_tags"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
  WHERE
    NOT ifNull(nullIf("base"."f_status", '') IN {p3: Array(String)}, FALSE)
    AND ifNull(
      position(caseFoldUTF8(nullIf("base"."f_subject", '')), caseFoldUTF8({p4: String})) > 0,
      FALSE
    )
    AND NOT hasAny("base"."f_tags", {p5: Array(String)})
    AND (
      ifNull("base"."f_opened_at" >= {p6: DateTime64(3, 'UTC')}, FALSE)
      AND ifNull("base"."f_opened_at" <= {p7: DateTime64(3, 'UTC')}, FALSE)
    )
    AND (
      ifNull(toDate32(toTimeZone("base"."f_opened_at", {p8: String})) > {p9: Date32}, FALSE)
      OR "base"."f_due_on" IS NULL
      OR (
        ifNull("base"."f_amount" >= {p10: Decimal(19, 4)}, FALSE)
        AND ifNull("base"."f_amount" <= {p11: Decimal(19, 4)}, FALSE)
      )
    )
) AS joined
ORDER BY
  "m0" DESC
LIMIT {p12: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = ['open']
-- p4 = 'refund'
-- p5 = ['vip']
-- p6 = '2026-08-25 10:30:00.000'
-- p7 = '2026-11-23 11:30:00.000'
-- p8 = 'America/Chicago'
-- p9 = '2026-11-01'
-- p10 = Decimal('1.5')
-- p11 = Decimal('20')
-- p12 = 501
