-- without relationships
SELECT
  tenant,
  object,
  countIf(NOT deleted),
  countIf(deleted AND role = 0),
  uniqExactIf(record, role <= 1),
  sumIf(0, NOT deleted),
  countIf(role >= 3),
  countIf(role = 4),
  countIf(role = 5),
  countIf(role >= 2)
FROM records_2_237c7e3119819a21
WHERE build = {build:UInt64}
GROUP BY tenant, object

-- with relationships
SELECT
  tenant,
  object,
  countIf(NOT deleted),
  countIf(deleted AND role = 0),
  uniqExactIf(record, role <= 1),
  sumIf(arrayCount(hit -> hit = '', `hits_guests`) + arrayCount(hit -> hit = '', `hits_invitee`), NOT deleted),
  countIf(role >= 3),
  countIf(role = 4),
  countIf(role = 5),
  countIf(role >= 2)
FROM records_2_0d2fdf677ba6b340
WHERE build = {build:UInt64}
GROUP BY tenant, object
