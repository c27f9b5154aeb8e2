-- rows
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
  WHERE
    ifNull("base"."f_due_on" >= {p3: Date32}, FALSE)
    AND ifNull("base"."f_due_on" < {p4: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p5: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = '2026-10-01'
-- p4 = '2027-01-01'
-- p5 = 200001

-- totals
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_status"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      "build" = {p0: UInt64}
      AND "tenant" = {p1: String}
      AND "object" = {p2: String}
      AND NOT "deleted"
  ) AS base
  WHERE
    ifNull("base"."f_due_on" >= {p3: Date32}, FALSE)
    AND ifNull("base"."f_due_on" < {p4: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p5: UInt64}
-- p0 = 7
-- p1 = 'acme'
-- p2 = 'ticket'
-- p3 = '2026-10-01'
-- p4 = '2027-01-01'
-- p5 = 200001

-- last_quarter_rows
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_status",
      addMonths("f_due_on", multiply({p0: Int64}, 3)) AS "moved"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
      )
      AND "f_due_on" >= {p4: Date32}
      AND "f_due_on" <= {p5: Date32}
      AND ifNull(toInt32("moved") <= 120529, TRUE)
  ) AS base
  WHERE
    ifNull("base"."moved" >= {p6: Date32}, FALSE)
    AND ifNull("base"."moved" < {p7: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p8: UInt64}
-- p0 = 1
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2026-06-28'
-- p5 = '2026-10-07'
-- p6 = '2026-10-01'
-- p7 = '2027-01-01'
-- p8 = 200001

-- last_quarter_totals
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_status",
      addMonths("f_due_on", multiply({p0: Int64}, 3)) AS "moved"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
      )
      AND "f_due_on" >= {p4: Date32}
      AND "f_due_on" <= {p5: Date32}
      AND ifNull(toInt32("moved") <= 120529, TRUE)
  ) AS base
  WHERE
    ifNull("base"."moved" >= {p6: Date32}, FALSE)
    AND ifNull("base"."moved" < {p7: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p8: UInt64}
-- p0 = 1
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2026-06-28'
-- p5 = '2026-10-07'
-- p6 = '2026-10-01'
-- p7 = '2027-01-01'
-- p8 = 200001

-- last_year_rows
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_status",
      addDays("f_due_on", multiply({p0: Int64}, 7)) AS "moved"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
      )
      AND "f_due_on" >= {p4: Date32}
      AND "f_due_on" <= {p5: Date32}
      AND ifNull(toInt32("moved") <= 120529, TRUE)
  ) AS base
  WHERE
    ifNull("base"."moved" >= {p6: Date32}, FALSE)
    AND ifNull("base"."moved" < {p7: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p8: UInt64}
-- p0 = 52
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2025-09-29'
-- p5 = '2026-01-05'
-- p6 = '2026-10-01'
-- p7 = '2027-01-01'
-- p8 = 200001

-- last_year_totals
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "f_due_on",
      "f_status",
      addDays("f_due_on", multiply({p0: Int64}, 7)) AS "moved"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
      )
      AND "f_due_on" >= {p4: Date32}
      AND "f_due_on" <= {p5: Date32}
      AND ifNull(toInt32("moved") <= 120529, TRUE)
  ) AS base
  WHERE
    ifNull("base"."moved" >= {p6: Date32}, FALSE)
    AND ifNull("base"."moved" < {p7: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p8: UInt64}
-- p0 = 52
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2025-09-29'
-- p5 = '2026-01-05'
-- p6 = '2026-10-01'
-- p7 = '2027-01-01'
-- p8 = 200001

-- earlier_rows
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "event_time",
      "f_due_on",
      "f_status",
      plus(toUnixTimestamp64Milli("event_time"), multiply({p0: Int64}, 3600000)) AS "moved_at",
      fromUnixTimestamp64Milli("moved_at", 'UTC') AS "moved"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
      )
      AND ifNull("moved_at" < 10413792000000, TRUE)
  ) AS base
  WHERE
    ifNull("base"."f_due_on" >= {p4: Date32}, FALSE)
    AND ifNull("base"."f_due_on" < {p5: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p6: UInt64}
-- p0 = 36
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2026-10-01'
-- p5 = '2027-01-01'
-- p6 = 200001

-- earlier_totals
SELECT
  "d0",
  count() AS "m0"
FROM (
  SELECT
    nullIf("base"."f_status", '') AS "d0",
    "base"."record" AS "record"
  FROM (
    SELECT
      "record",
      "event_time",
      "f_due_on",
      "f_status",
      plus(toUnixTimestamp64Milli("event_time"), multiply({p0: Int64}, 3600000)) AS "moved_at",
      fromUnixTimestamp64Milli("moved_at", 'UTC') AS "moved"
    FROM "records_2_6888f99a202f4a5b"
    WHERE
      (
        "build" = {p1: UInt64}
        AND "tenant" = {p2: String}
        AND "object" = {p3: String}
        AND NOT "deleted"
      )
      AND ifNull("moved_at" < 10413792000000, TRUE)
  ) AS base
  WHERE
    ifNull("base"."f_due_on" >= {p4: Date32}, FALSE)
    AND ifNull("base"."f_due_on" < {p5: Date32}, FALSE)
) AS joined
GROUP BY
  "d0"
LIMIT {p6: UInt64}
-- p0 = 36
-- p1 = 7
-- p2 = 'acme'
-- p3 = 'ticket'
-- p4 = '2026-10-01'
-- p5 = '2027-01-01'
-- p6 = 200001
