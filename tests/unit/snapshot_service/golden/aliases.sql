-- what is stored
SELECT tenant, reference, targets, version, toUnixTimestamp64Milli(changed_at)
FROM link_aliases FINAL
WHERE (tenant, reference) IN {keys:Array(Tuple(String, String))}

-- tenants with changed aliases
SELECT DISTINCT tenant
FROM link_aliases
WHERE changed_at >= {since:DateTime64(3, 'UTC')}

-- how many
SELECT tenant, count(), countIf(startsWith(reference, 'id:'))
FROM link_aliases
WHERE tenant IN {tenants:Array(String)}
GROUP BY tenant

-- those that others may name
INSERT INTO refresh_contacts_3000000 (tenant, reference, record)
SELECT tenant, concat('alias:', reference), '1'
FROM link_aliases FINAL
WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND notEmpty(targets)
  AND (
    NOT startsWith(reference, 'external:')
      OR (tenant, reference) IN (
        SELECT tenant, arrayJoin(targets) AS target
        FROM link_aliases FINAL
        WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
          AND startsWith(target, 'external:')
      )
  )

-- those that name no other
INSERT INTO refresh_aliases_3000000 (tenant, reference, record)
SELECT
  tenant,
  reference,
  arrayFirst(
    hit -> hit != '', arrayMap(target -> joinGet('refresh_contacts_3000000', 'record', tenant, target), targets)
  ) AS found
FROM link_aliases FINAL
WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND notEmpty(targets)
  AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) = ''
  AND found != ''
  AND NOT arrayExists(
    target -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('alias:', target)) != '' AND joinGet(
      'refresh_contacts_3000000', 'record', tenant, target
    ) = '',
    targets
  )

-- these in the index
INSERT INTO refresh_contacts_3000000 (tenant, reference, record)
SELECT tenant, reference, record
FROM refresh_aliases_3000000

-- those that name others
SELECT
  tenant,
  reference,
  targets,
  arrayMap(target -> joinGet('refresh_contacts_3000000', 'record', tenant, target), targets) AS hits
FROM link_aliases FINAL
WHERE tenant IN (SELECT DISTINCT tenant FROM refresh_work WHERE build IN {builds:Array(UInt64)})
  AND notEmpty(targets)
  AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) = ''
  AND arrayExists(
    target -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('alias:', target)) != '' , targets
  )
