-- rows
SELECT
  arrayElement(
    arrayMap(
      ordered -> if(
        empty(ordered),
        NULL,
        arrayElement(
          arrayMap(
            (lower, upper, past) -> if(lower = upper, lower, (
              lower * (
                20 - past
              ) + upper * past
            ) / 20),
            [arrayElement(ordered, intDiv(19 * (
                length(ordered) - 1
            ), 20) + 1)],
            [arrayElement(ordered, intDiv(19 * (
                length(ordered) - 1
            ) + 19, 20) + 1)],
            [modulo(19 * (
                length(ordered) - 1
            ), 20)]
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
      (count, total, squares) -> if(
        count < 2,
        NULL,
        arrayElement(
          arrayMap(
            mean -> arrayElement(
              arrayMap(
                left -> arrayElement(
                  arrayMap(
                    (deviations, cut_off, others) -> arrayElement(
                      arrayMap(
                        estimate -> arrayElement(
                          arrayMap(
                            whole -> arrayElement(
                              arrayMap(
                                part -> whole + part / 1152921504606846976 + arrayElement(
                                  arrayMap(
                                    root -> (
                                      toFloat64(deviations - others * root * root) - cut_off
                                    ) / (
                                      2 * toFloat64(greatest(root, 1)) * others
                                    ),
                                    [toInt256(whole) * 1152921504606846976 + part]
                                  ),
                                  1
                                ) / 1152921504606846976,
                                [toInt64((
                                    estimate - whole
                                ) * 1152921504606846976)]
                              ),
                              1
                            ),
                            [toInt64(estimate)]
                          ),
                          1
                        ),
                        [
                          sqrt(greatest(toFloat64(deviations) - cut_off, 0) / others) / 1152921504606846976
                        ]
                      ),
                      1
                    ),
                    [squares - mean * (
                        total + left
                    )],
                    [toFloat64(left) * toFloat64(left) / count],
                    [greatest(toInt64((
                        count - 1
                    )), 1)]
                  ),
                  1
                ),
                [total - mean * count]
              ),
              1
            ),
            [intDiv(total, greatest(count, 1))]
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
      (count, total, squares) -> if(
        count < 2,
        NULL,
        divideDecimal(
          toDecimal128(
            arrayElement(
              arrayMap(
                (spread, pairs) -> arrayElement(
                  arrayMap(
                    estimate -> arrayElement(
                      arrayMap(
                        below -> if(
                          4 * spread + modulo(below, 2) > pairs * (
                            2 * below + 1
                          ) * (
                            2 * below + 1
                          ),
                          below + 1,
                          below
                        ),
                        [intDiv(estimate + intDiv(spread, pairs * estimate), 2)]
                      ),
                      1
                    ),
                    [greatest(toInt256(sqrt(toFloat64(spread) / toFloat64(pairs))), 1)]
                  ),
                  1
                ),
                [count * squares - total * total],
                [greatest(toInt256(count) * (
                    count - 1
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
  ) AS "m2"
FROM (
  SELECT
    "base"."f_minutes" AS "v0",
    toInt64("v0") AS "v0_whole",
    toInt64((
      "v0" - "v0_whole"
    ) * 4611686018427387904) AS "v0_part",
    "base"."f_price" AS "v2",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_minutes",
      "f_price"
    FROM "records_2_9db1efd3c514e7a7"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
ORDER BY
  "m0" DESC
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'booking'
-- p3 = 501
