-- rows
SELECT
  "d0",
  "d1",
  "d2",
  "d3",
  "d4",
  count() AS "m0"
FROM (
  SELECT
    if(
      isNull("base"."f_csat"),
      NULL,
      arrayElement(
        {p1: Array(String)},
        plus(
          arrayCount(edge -> ifNull(edge <= "base"."f_csat", FALSE), {p0: Array(Float64)}),
          1
        )
      )
    ) AS "d0",
    if(
      isNull(toFloat64("base"."f_csat")),
      NULL,
      plus(
        if(
          abs(toFloat64("base"."f_csat")) >= multiply({p2: Float64}, 9007199254740992),
          toFloat64("base"."f_csat"),
          arrayElement(
            arrayMap(
              steps -> arrayMax(
                arrayFilter(
                  edge -> ifNull(edge <= toFloat64("base"."f_csat"), FALSE),
                  arrayMap(
                    offset -> if(
                      multiply(abs(toFloat64("base"."f_csat")), 10) < 4503599627370496,
                      divide(multiply(plus(steps, offset), 1), 10),
                      toFloat64(
                        toString(multiply(toDecimal256(toInt64(plus(steps, offset)), 0), toDecimal256('0.1', 1)))
                      )
                    ),
                    [-2, -1, 0, 1, 2]
                  )
                )
              ),
              [floor(divide(toFloat64("base"."f_csat"), {p2: Float64}))]
            ),
            1
          )
        ),
        0
      )
    ) AS "d1",
    divide(
      toDecimal128(
        minus(
          toInt128(multiply("base"."f_amount", 10000)),
          positiveModulo(toInt128(multiply("base"."f_amount", 10000)), toInt128('25000'))
        ),
        4
      ),
      10000
    ) AS "d2",
    if(
      isNull(toDate32(toTimeZone("base"."f_opened_at", {p3: String}))),
      NULL,
      arrayElement(
        {p5: Array(String)},
        plus(
          arrayCount(
            edge -> ifNull(edge <= toDate32(toTimeZone("base"."f_opened_at", {p3: String})), FALSE),
            {p4: Array(Date32)}
          ),
          1
        )
      )
    ) AS "d3",
    arrayJoin(
      emptyArrayToSingle(
        CAST(
          arrayDistinct(
            arrayMap(
              option -> transform(option, {p6: Array(String)}, {p7: Array(String)}, {p8: String}),
              "base"."f_tags"
            )
          ),
          'Array(Nullable(String))'
        )
      )
    ) AS "d4",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_csat",
      "f_opened_at",
      "f_status",
      "f_tags"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p9: UInt64}
      AND "tenant" = {p10: String}
      AND "object" = {p11: String}
      AND NOT "deleted"
  ) AS base
  WHERE
    hasAny(
      arrayDistinct(
        arrayMap(
          option -> transform(option, {p6: Array(String)}, {p7: Array(String)}, {p8: String}),
          "base"."f_tags"
        )
      ),
      {p12: Array(String)}
    )
    AND NOT ifNull(
      if(
        isNull(nullIf("base"."f_status", '')),
        NULL,
        transform(
          assumeNotNull(nullIf("base"."f_status", '')),
          {p13: Array(String)},
          {p14: Array(String)},
          assumeNotNull(nullIf("base"."f_status", ''))
        )
      ) = {p15: String},
      FALSE
    )
) AS joined
GROUP BY
  "d0",
  "d1",
  "d2",
  "d3",
  "d4"
ORDER BY
  "m0" DESC,
  nullIf(indexOf({p1: Array(String)}, "d0"), 0) ASC,
  "d1" ASC,
  "d2" ASC,
  nullIf(indexOf({p5: Array(String)}, "d3"), 0) ASC,
  "d4" ASC
LIMIT {p16: UInt64}
-- p0 = [2.0, 4.5]
-- p1 = ['..2', '2..4.5', '4.5..']
-- p2 = 0.1
-- p3 = 'America/Chicago'
-- p4 = ['2026-01-01', '2026-07-01']
-- p5 = ['..2026-01-01', '2026-01-01..2026-07-01', '2026-07-01..']
-- p6 = ['vip', 'key']
-- p7 = ['Large', 'Large']
-- p8 = 'Rest'
-- p9 = 7
-- p10 = 'acme'
-- p11 = 'ticket'
-- p12 = ['Large']
-- p13 = ['open']
-- p14 = ['Open']
-- p15 = 'Open'
-- p16 = 501
