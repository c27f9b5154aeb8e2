-- to one contact
SELECT DISTINCT tenant, object
FROM records_2_a103d5b8f8c2f24c
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND NOT deleted
  AND (
    `hits_requester` != arrayMap(
      (reference, hit) -> if(
        hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
        hit,
        joinGet('refresh_contacts_3000000', 'record', tenant, reference)
      ),
      `refs_requester`,
      `hits_requester`
    )
  )

-- to many contacts
SELECT DISTINCT tenant, object
FROM records_2_0d2fdf677ba6b340
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND NOT deleted
  AND (
    `hits_guests` != arrayMap(
      (reference, hit) -> if(
        hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
        hit,
        joinGet('refresh_contacts_3000000', 'record', tenant, reference)
      ),
      `refs_guests`,
      `hits_guests`
    )
      OR `hits_invitee` != arrayMap(
        (reference, hit) -> if(
          hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
          hit,
          joinGet('refresh_contacts_3000000', 'record', tenant, reference)
        ),
        `refs_invitee`,
        `hits_invitee`
      )
  )

-- with aliases
SELECT DISTINCT tenant, object
FROM records_2_0d2fdf677ba6b340
WHERE (tenant, object, build) IN (
  SELECT tenant, object, previous_build FROM refresh_work WHERE build IN {builds:Array(UInt64)}
)
  AND NOT deleted
  AND (
    `hits_guests` != arrayMap(
      (reference, hit) -> if(
        hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
        hit,
        if(
          startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
          substring(reference, 4),
          joinGet('refresh_contacts_3000000', 'record', tenant, reference)
        )
      ),
      `refs_guests`,
      `hits_guests`
    )
      OR `links_guests` != arrayDistinct(
        arrayMap(
          hit -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)),
          arrayFilter(
            hit -> hit != '',
            arrayMap(
              (reference, hit) -> if(
                hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
                hit,
                if(
                  startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
                  substring(reference, 4),
                  joinGet('refresh_contacts_3000000', 'record', tenant, reference)
                )
              ),
              `refs_guests`,
              `hits_guests`
            )
          )
        )
      )
      OR `hits_invitee` != arrayMap(
        (reference, hit) -> if(
          hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
          hit,
          if(
            startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
            substring(reference, 4),
            joinGet('refresh_contacts_3000000', 'record', tenant, reference)
          )
        ),
        `refs_invitee`,
        `hits_invitee`
      )
      OR `links_invitee` != arraySlice(
        arrayDistinct(
          arrayMap(
            hit -> joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)),
            arrayFilter(
              hit -> hit != '',
              arrayMap(
                (reference, hit) -> if(
                  hit != '' AND joinGet('refresh_contacts_3000000', 'record', tenant, concat('id:', hit)) != '',
                  hit,
                  if(
                    startsWith(reference, 'id:') AND joinGet('refresh_contacts_3000000', 'record', tenant, reference) != '',
                    substring(reference, 4),
                    joinGet('refresh_contacts_3000000', 'record', tenant, reference)
                  )
                ),
                `refs_invitee`,
                `hits_invitee`
              )
            )
          )
        ),
        1,
        1
      )
  )
