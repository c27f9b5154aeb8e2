-- rows
SELECT
  "d0",
  arrayElement(
    arrayMap(
      a -> if(
        empty(a),
        NULL,
        arrayElement(
          arrayMap(
            (l, u, r) -> if(l = u, l, (
              l * (
                10 - r
              ) + u * r
            ) / 10),
            [arrayElement(a, intDiv(9 * (
                length(a) - 1
            ), 10) + 1)],
            [arrayElement(a, intDiv(9 * (
                length(a) - 1
            ) + 9, 10) + 1)],
            [modulo(9 * (
                length(a) - 1
            ), 10)]
          ),
          1
        )
      ),
      [arraySort(groupArray("v0"))]
    ),
    1
  ) AS "m0",
  arrayElement(
    arrayMap(
      (n, s, q) -> if(
        n < 2,
        NULL,
        arrayElement(
          arrayMap(
            a -> arrayElement(
              arrayMap(
                r -> arrayElement(
                  arrayMap(
                    (m, c, o, u) -> arrayElement(
                      arrayMap(
                        e -> arrayElement(
                          arrayMap(
                            w -> arrayElement(
                              arrayMap(
                                p -> w + p / u + arrayElement(
                                  arrayMap(
                                    k -> (
                                      toFloat64(m - o * k * k) - c
                                    ) / (
                                      2 * toFloat64(greatest(k, 1)) * o
                                    ),
                                    [toInt256(w) * u + p]
                                  ),
                                  1
                                ) / u,
                                [toInt64((
                                    e - w
                                ) * u)]
                              ),
                              1
                            ),
                            [toInt64(e)]
                          ),
                          1
                        ),
                        [sqrt(greatest(toFloat64(m) - c, 0) / o) / u]
                      ),
                      1
                    ),
                    [q - a * (
                        s + r
                    )],
                    [toFloat64(r) * toFloat64(r) / n],
                    [greatest(toInt64((
                        n - 1
                    )), 1)],
                    [1152921504606846976]
                  ),
                  1
                ),
                [s - a * n]
              ),
              1
            ),
            [intDiv(s, greatest(n, 1))]
          ),
          1
        )
      ),
      [count("v0")],
      [sum((
          toInt256("v0_whole") * 1152921504606846976 + intDiv("v0_part", 4)
      ))],
      [
        sum(
          (
            toInt256("v0_whole") * 1152921504606846976 + intDiv("v0_part", 4)
          ) * (
            toInt256("v0_whole") * 1152921504606846976 + intDiv("v0_part", 4)
          )
        )
      ]
    ),
    1
  ) AS "m1",
  arrayElement(
    arrayMap(
      a -> if(
        empty(a),
        NULL,
        arrayElement(
          arrayMap(
            (l, u, r) -> roundBankers(divideDecimal((
              l * (
                20 - r
              ) + u * r
            ), toDecimal32(20, 0), 6), 4),
            [arrayElement(a, intDiv(19 * (
                length(a) - 1
            ), 20) + 1)],
            [arrayElement(a, intDiv(19 * (
                length(a) - 1
            ) + 19, 20) + 1)],
            [modulo(19 * (
                length(a) - 1
            ), 20)]
          ),
          1
        )
      ),
      [arraySort(groupArray("v2"))]
    ),
    1
  ) AS "m2",
  arrayElement(
    arrayMap(
      (n, s, q) -> if(
        n < 2,
        NULL,
        divideDecimal(
          toDecimal128(
            arrayElement(
              arrayMap(
                (v, d) -> arrayElement(
                  arrayMap(
                    e -> arrayElement(
                      arrayMap(
                        b -> if(4 * v + modulo(b, 2) > d * (
                          2 * b + 1
                        ) * (
                          2 * b + 1
                        ), b + 1, b),
                        [intDiv(e + intDiv(v, d * e), 2)]
                      ),
                      1
                    ),
                    [greatest(toInt256(sqrt(toFloat64(v) / toFloat64(d))), 1)]
                  ),
                  1
                ),
                [n * q - s * s],
                [greatest(toInt256(n) * (
                    n - 1
                ), 1)]
              ),
              1
            ),
            0
          ),
          toDecimal32(10000, 0),
          4
        )
      ),
      [count("v2")],
      [sum(toInt256("v2" * 10000))],
      [sum(toInt256("v2" * 10000) * toInt256("v2" * 10000))]
    ),
    1
  ) AS "m3",
  uniqExactArray("v4") AS "m4"
FROM (
  SELECT
    arrayJoin(emptyArrayToSingle(CAST("base"."f_tags", 'Array(Nullable(String))'))) AS "d0",
    "base"."f_csat" AS "v0",
    toInt64("v0") AS "v0_whole",
    toInt64((
      "v0" - "v0_whole"
    ) * 4611686018427387904) AS "v0_part",
    "base"."f_amount" AS "v2",
    "base"."f_tags" AS "v4",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_csat",
      "f_tags"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0"
ORDER BY
  "m0" DESC,
  "d0" ASC
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 501
