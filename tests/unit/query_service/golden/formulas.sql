-- rows
SELECT
  "d0",
  sum("v0") AS "m0",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v1_whole"))) * 4611686018427387904 + sum(toInt128("v1_part"))
      ) + sumKahan((
        "v1" - "v1_whole"
      ) * 4611686018427387904 - "v1_part")
    ) / 4611686018427387904,
    count("v1")
  ) AS "m1"
FROM (
  SELECT
    "base"."formula_old" AS "d0",
    "base"."formula_gross" AS "v0",
    toFloat64("base"."formula_age") AS "v1",
    toInt64("v1") AS "v1_whole",
    toInt64((
      "v1" - "v1_whole"
    ) * 4611686018427387904) AS "v1_part",
    "base"."record" AS "record"
  FROM (
    SELECT
      *,
      nullIf(
        if(
          ifNull(greater("base"."formula_age", {p10: Int64}), FALSE),
          {p9: String},
          lowerUTF8(nullIf("base"."f_status", ''))
        ),
        ''
      ) AS "formula_old"
    FROM (
      SELECT
        *,
        CAST(
          arrayFirstOrNull(
            bound -> ifNull(abs(bound) < 1000000000000000, FALSE),
            [
              roundBankers(
                CAST(
                  arrayFirstOrNull(
                    bound -> ifNull(abs(bound) < 1000000000000000, FALSE),
                    [
                      plus(
                        CAST(
                          arrayFirstOrNull(
                            bound -> ifNull(abs(bound) < 1000000000000000, FALSE),
                            [
                              roundBankers(
                                multiply(CAST("base"."f_amount", 'Nullable(Decimal(76, 20))'), {p6: Decimal(76, 20)}),
                                20
                              )
                            ]
                          ),
                          'Nullable(Decimal(76, 20))'
                        ),
                        arrayFirstOrNull(
                          bound -> ifNull(abs(bound) < 1000000000000000000, FALSE),
                          [
                            toDecimal256OrNull(
                              toString(
                                arrayElement(
                                  arrayMap(
                                    number -> arrayElement(
                                      arrayMap(
                                        quotient -> if(
                                          abs(number) >= 9007199254740992 OR quotient > toInt256('9007199254740992'),
                                          number,
                                          multiply(sign(number), divide(toInt64(quotient), 10))
                                        ),
                                        [
                                          arrayElement(
                                            arrayMap(
                                              scaled -> intDiv(
                                                plus(
                                                  plus(scaled, toInt256('10633823966279326983230456482242756607')),
                                                  modulo(intDiv(scaled, toInt256('21267647932558653966460912964485513216')), 2)
                                                ),
                                                toInt256('21267647932558653966460912964485513216')
                                              ),
                                              [
                                                multiply(
                                                  abs(
                                                    arrayElement(
                                                      arrayMap(
                                                        small -> plus(
                                                          multiply(toInt256(toInt64(small)), toInt256('21267647932558653966460912964485513216')),
                                                          arrayElement(
                                                            arrayMap(
                                                              bits -> plus(
                                                                multiply(toInt256(toInt64(bits)), toInt256('4611686018427387904')),
                                                                toInt64(multiply(minus(bits, toInt64(bits)), 4611686018427387904))
                                                              ),
                                                              [multiply(minus(small, toInt64(small)), 4611686018427387904)]
                                                            ),
                                                            1
                                                          )
                                                        ),
                                                        [if(abs(number) < 9007199254740992, number, 0)]
                                                      ),
                                                      1
                                                    )
                                                  ),
                                                  toInt256('10')
                                                )
                                              ]
                                            ),
                                            1
                                          )
                                        ]
                                      ),
                                      1
                                    ),
                                    ["base"."f_csat"]
                                  ),
                                  1
                                )
                              ),
                              20
                            )
                          ]
                        )
                      )
                    ]
                  ),
                  'Nullable(Decimal(76, 20))'
                ),
                4
              )
            ]
          ),
          'Nullable(Decimal(19, 4))'
        ) AS "formula_gross",
        CAST(
          dateDiff('day', toDate32(toTimeZone("base"."f_opened_at", {p8: String})), {p7: Date32}),
          'Nullable(Int64)'
        ) AS "formula_age"
      FROM (
        SELECT
          "record",
          "f_amount",
          "f_csat",
          "f_opened_at",
          "f_status"
        FROM "records_2_6888f99a202f4a5b"
        WHERE
          (
            "build" = {p0: UInt64}
            AND "tenant" = {p1: String}
            AND "object" = {p2: String}
            AND NOT "deleted"
          )
          AND arrayExists(
            linked -> linked IN (
              SELECT
                "contact"."record"
              FROM (
                SELECT
                  *,
                  CAST(equals(nullIf("contact"."f_country", ''), {p4: String}), 'Nullable(Bool)') AS "formula_french"
                FROM (
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
              ) AS contact
              WHERE
                ifNull("contact"."formula_french" = {p5: Bool}, FALSE)
            ),
            "links_requester"
          )
      ) AS base
    ) AS base
  ) AS base
) AS joined
GROUP BY
  "d0"
ORDER BY
  "m0" DESC,
  "d0" ASC
LIMIT {p11: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 'contact'
-- p4 = 'FR'
-- p5 = True
-- p6 = Decimal('1.20000000000000000000')
-- p7 = '2026-11-01'
-- p8 = 'America/Chicago'
-- p9 = 'old'
-- p10 = 30
-- p11 = 501

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
