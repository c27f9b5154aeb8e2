-- new patches and late events
SELECT
  tenant,
  object,
  countIf(kind = 2) AS patches,
  countIf(event_time < received_at - toIntervalDay({late_days:UInt32})) AS late
FROM record_log
WHERE offset >= {low:Array(UInt64)}[partition + 1]
  AND offset < {high:Array(UInt64)}[partition + 1]
GROUP BY tenant, object
HAVING patches > 0
  OR late > 0
