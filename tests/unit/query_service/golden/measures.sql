-- rows
SELECT
  "d0",
  "d1",
  (
    toFloat64(
      toInt256(sum(toInt128("v0_whole"))) * 4611686018427387904 + sum(toInt128("v0_part"))
    ) + sumKahan((
      "v0" - "v0_whole"
    ) * 4611686018427387904 - "v0_part")
  ) / 4611686018427387904 AS "m0",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v0_whole"))) * 4611686018427387904 + sum(toInt128("v0_part"))
      ) + sumKahan((
        "v0" - "v0_whole"
      ) * 4611686018427387904 - "v0_part")
    ) / 4611686018427387904,
    count("v0")
  ) AS "m1",
  (
    quantileExactLow("v0") + quantileExactHigh("v0")
  ) / 2 AS "m2",
  sum("v3") AS "m3",
  roundBankers(divideDecimal(sum("v3"), toDecimal128(greatest(count("v3"), 1), 0), 20), 4) AS "m4",
  roundBankers(
    divideDecimal((
      quantileExactLow("v3") + quantileExactHigh("v3")
    ), toDecimal32(2, 0), 5),
    4
  ) AS "m5",
  min("v3") AS "m6",
  uniqExact("v7") AS "m7"
FROM (
  SELECT
    "base"."f_urgent" AS "d0",
    "base"."f_csat" + 0 AS "d1",
    "base"."f_csat" AS "v0",
    toInt64("v0") AS "v0_whole",
    toInt64((
      "v0" - "v0_whole"
    ) * 4611686018427387904) AS "v0_part",
    "base"."f_amount" AS "v3",
    nullIf("base"."f_status", '') AS "v7",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_csat",
      "f_status",
      "f_urgent"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
GROUP BY
  "d0",
  "d1"
ORDER BY
  "m0" DESC,
  "d0" ASC,
  "d1" ASC
LIMIT {p3: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = 501

-- totals
SELECT
  (
    toFloat64(
      toInt256(sum(toInt128("v0_whole"))) * 4611686018427387904 + sum(toInt128("v0_part"))
    ) + sumKahan((
      "v0" - "v0_whole"
    ) * 4611686018427387904 - "v0_part")
  ) / 4611686018427387904 AS "m0",
  divide(
    (
      toFloat64(
        toInt256(sum(toInt128("v0_whole"))) * 4611686018427387904 + sum(toInt128("v0_part"))
      ) + sumKahan((
        "v0" - "v0_whole"
      ) * 4611686018427387904 - "v0_part")
    ) / 4611686018427387904,
    count("v0")
  ) AS "m1",
  (
    quantileExactLow("v0") + quantileExactHigh("v0")
  ) / 2 AS "m2",
  sum("v3") AS "m3",
  roundBankers(divideDecimal(sum("v3"), toDecimal128(greatest(count("v3"), 1), 0), 20), 4) AS "m4",
  roundBankers(
    divideDecimal((
      quantileExactLow("v3") + quantileExactHigh("v3")
    ), toDecimal32(2, 0), 5),
    4
  ) AS "m5",
  min("v3") AS "m6",
  uniqExact("v7") AS "m7"
FROM (
  SELECT
    "base"."f_csat" AS "v0",
    toInt64("v0") AS "v0_whole",
    toInt64((
      "v0" - "v0_whole"
    ) * 4611686018427387904) AS "v0_part",
    "base"."f_amount" AS "v3",
    nullIf("base"."f_status", '') AS "v7",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_csat",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
) AS joined
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
