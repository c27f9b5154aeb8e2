-- rows
SELECT
  "d0",
  "d1",
  sumKahan("v0") AS "m0",
  divide(sumKahan("v1"), count("v1")) AS "m1",
  (
    quantileExactLow("v2") + quantileExactHigh("v2")
  ) / 2 AS "m2",
  sum("v3") AS "m3",
  roundBankers(divideDecimal(sum("v4"), toDecimal128(greatest(count("v4"), 1), 0), 20), 4) AS "m4",
  roundBankers(
    divideDecimal((
      quantileExactLow("v5") + quantileExactHigh("v5")
    ), toDecimal32(2, 0), 5),
    4
  ) AS "m5",
  min("v6") AS "m6",
  uniqExact("v7") AS "m7"
FROM (
  SELECT
    "base"."f_urgent" AS "d0",
    "base"."f_csat" + 0 AS "d1",
    "base"."f_csat" AS "v0",
    "base"."f_csat" AS "v1",
    "base"."f_csat" AS "v2",
    "base"."f_amount" AS "v3",
    "base"."f_amount" AS "v4",
    "base"."f_amount" AS "v5",
    "base"."f_amount" AS "v6",
    nullIf("base"."f_status", '') AS "v7",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_csat",
      "f_status",
      "f_urgent"
    FROM "records_911f5dc541277cb3"
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
  sumKahan("v0") AS "m0",
  divide(sumKahan("v1"), count("v1")) AS "m1",
  (
    quantileExactLow("v2") + quantileExactHigh("v2")
  ) / 2 AS "m2",
  sum("v3") AS "m3",
  roundBankers(divideDecimal(sum("v4"), toDecimal128(greatest(count("v4"), 1), 0), 20), 4) AS "m4",
  roundBankers(
    divideDecimal((
      quantileExactLow("v5") + quantileExactHigh("v5")
    ), toDecimal32(2, 0), 5),
    4
  ) AS "m5",
  min("v6") AS "m6",
  uniqExact("v7") AS "m7"
FROM (
  SELECT
    "base"."f_csat" AS "v0",
    "base"."f_csat" AS "v1",
    "base"."f_csat" AS "v2",
    "base"."f_amount" AS "v3",
    "base"."f_amount" AS "v4",
    "base"."f_amount" AS "v5",
    "base"."f_amount" AS "v6",
    nullIf("base"."f_status", '') AS "v7",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_amount",
      "f_csat",
      "f_status"
    FROM "records_911f5dc541277cb3"
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
