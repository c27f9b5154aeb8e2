"""Sentences of the query service."""

from crosslook.contracts.messages.base import LocalizedMessage

QUERY: dict[str, LocalizedMessage] = {
    "required_missing.columns": LocalizedMessage(
        "A report needs at least one dimension or measure, or a list of fields.",
        "Un rapport a besoin d'au moins une dimension ou une mesure, ou d'une liste de champs (list).",
    ),
    "unknown_object.report": LocalizedMessage(
        "There is no object {object} in this snapshot; the catalog lists the objects.",
        "Il n'y a pas d'objet {object} dans cet instantané ; le catalogue liste les objets.",
    ),
    "unknown_field.report": LocalizedMessage(
        "{name} does not exist in this snapshot; the catalog lists the fields and measures.",
        "{name} n'existe pas dans cet instantané ; le catalogue liste les champs et les mesures.",
    ),
    "unknown_field.is_measure": LocalizedMessage(
        "{name} is a measure: name it in measures, or test it in having.",
        "{name} est une mesure : nommez-la dans measures ou testez-la dans having.",
    ),
    "unknown_field.is_dimension": LocalizedMessage(
        "{name} is a field that has no measures: name it in dimensions, or test it in filters.",
        "{name} est un champ sans mesures : nommez-le dans dimensions ou testez-le dans filters.",
    ),
    "unknown_field.field_as_measure": LocalizedMessage(
        "{name} is a field, not a measure: name it in dimensions, or use one of its measures: {known}.",
        "{name} est un champ, pas une mesure : nommez-le dans dimensions ou utilisez l'une de ses mesures : {known}.",
    ),
    "unknown_field.object_as_field": LocalizedMessage(
        "{name} is an object: name one of its fields, such as {example}.",
        "{name} est un objet : nommez l'un de ses champs, par exemple {example}.",
    ),
    "unknown_field.object_as_measure": LocalizedMessage(
        "{name} is an object: name one of its measures, such as {example}.",
        "{name} est un objet : nommez l'une de ses mesures, par exemple {example}.",
    ),
    "unknown_field.is_relationship": LocalizedMessage(
        "{name} is a relationship, not a field: name the fields of the contact it leads to, such as {example}.",
        "{name} est une relation, pas un champ : nommez les champs du contact auquel elle mène, par exemple {example}.",
    ),
    "unknown_field.relationship": LocalizedMessage(
        "{object} has no relationship {name} to contact.",
        "{object} n'a pas de relation {name} vers le contact.",
    ),
    "unknown_field.column": LocalizedMessage(
        "{name} is not a column of this result; sort and having name its columns.",
        "{name} n'est pas une colonne de ce résultat ; sort et having nomment ses colonnes.",
    ),
    "unknown_field.not_compared": LocalizedMessage(
        '{name} is a column of a comparison: add "compare": "previous" to the request.',
        '{name} est une colonne d\'une comparaison : ajoutez "compare": "previous" à la requête.',
    ),
    "unknown_field.column_truncated": LocalizedMessage(
        "{name} is not a column of this result: add {example} to dimensions.",
        "{name} n'est pas une colonne de ce résultat : ajoutez {example} à dimensions.",
    ),
    "unknown_field.granularity": LocalizedMessage(
        "{name} is how a result column is named; a dimension with a granularity is written {example}.",
        "{name} est la façon de nommer une colonne du résultat ; une dimension avec une granularité s'écrit {example}.",
    ),
    "unknown_field.truncated": LocalizedMessage(
        "{name} is how a result column is named, which having can test; filters test the field itself: {field}.",
        "{name} est la façon de nommer une colonne du résultat, que having peut tester ; filters teste le champ "
        "lui-même : {field}.",
    ),
    "unknown_field.having_dimension": LocalizedMessage(
        "{name} is a field, not a column of this result: test it in filters, or add it to dimensions.",
        "{name} est un champ, pas une colonne de ce résultat : testez-le dans filters ou ajoutez-le à dimensions.",
    ),
    "unknown_field.having_measure": LocalizedMessage(
        "{name} is not a column of this result: add it to measures to test it in having.",
        "{name} n'est pas une colonne de ce résultat : ajoutez-la à measures pour la tester dans having.",
    ),
    "unknown_field.sort_dimension": LocalizedMessage(
        "{name} is a field, not a column of this result: add it to dimensions, or sort by a column.",
        "{name} est un champ, pas une colonne de ce résultat : ajoutez-le à dimensions ou triez par une colonne.",
    ),
    "unknown_field.sort_measure": LocalizedMessage(
        "{name} is not a column of this result: add it to measures to sort by it.",
        "{name} n'est pas une colonne de ce résultat : ajoutez-la à measures pour trier selon elle.",
    ),
    "unknown_property.condition": LocalizedMessage(
        "A condition names its field in a property of its own; write {example}.",
        "Une condition nomme son champ dans une propriété à part ; écrivez {example}.",
    ),
    "unknown_property.not": LocalizedMessage(
        "There is no {name} here; use a negative operator: {known}.",
        "La propriété {name} n'existe pas ici ; utilisez un opérateur négatif : {known}.",
    ),
    "unknown_option.condition": LocalizedMessage(
        "{value} is not an option of {field}: no record has it, unless the option was removed from the field.",
        "{value} n'est pas une option de {field} : aucun enregistrement ne l'a, sauf si l'option a été retirée du "
        "champ.",
    ),
    "not_json.filters": LocalizedMessage(
        "The parameter filters is not JSON: line {line}, column {column} cannot be read. Send the filters of a report, "
        "URL-encoded.",
        "Le paramètre filters n'est pas du JSON : ligne {line}, colonne {column} illisible. Envoyez les filtres d'un "
        "rapport, encodés pour l'URL.",
    ),
    "wrong_type.conditions": LocalizedMessage(
        'Conditions are an object: {{"and": [{{"field": "ticket.status", "op": "eq", "values": ["open"]}}]}}.',
        'Les conditions forment un objet : {{"and": [{{"field": "ticket.status", "op": "eq", "values": ["open"]}}]}}.',
    ),
    "wrong_type.sort": LocalizedMessage(
        'A sort is an object: {{"field": "ticket.count", "direction": "desc"}}.',
        'Un tri est un objet : {{"field": "ticket.count", "direction": "desc"}}.',
    ),
    "wrong_type.records": LocalizedMessage(
        'records is an object: {{"object": "ticket", "match": "without"}}.',
        'records est un objet : {{"object": "ticket", "match": "without"}}.',
    ),
    "wrong_type.calculation": LocalizedMessage(
        'A calculation is an object: {{"name": "Double", "expression": "ticket.count * 2"}}.',
        'Un calcul est un objet : {{"name": "Double", "expression": "ticket.count * 2"}}.',
    ),
    "wrong_type.dimension": LocalizedMessage(
        'A dimension is a name, or {{"field": "ticket.opened_at", "granularity": "month"}}.',
        'Une dimension est un nom, ou {{"field": "ticket.opened_at", "granularity": "month"}}.',
    ),
    "not_reportable.report": LocalizedMessage(
        "{object} has no relationship to contact, so it cannot be reported on; add one in Manage data.",
        "{object} n'a pas de relation vers le contact et ne peut pas figurer dans un rapport ; ajoutez-en une dans "
        "Gérer les données.",
    ),
    "not_reportable.records": LocalizedMessage(
        "records takes an object that links to contact, not {object} itself.",
        "records nomme un objet lié aux contacts, pas {object} lui-même.",
    ),
    "pending_object": LocalizedMessage(
        "{object} is not in the reports yet; it will be there after the next refresh.",
        "{object} n'est pas encore dans les rapports ; il y sera après le prochain rafraîchissement.",
    ),
    "pending_field": LocalizedMessage(
        "{name} is not in the reports yet; it will be there after the next refresh.",
        "{name} n'est pas encore dans les rapports ; il y sera après le prochain rafraîchissement.",
    ),
    "removed_field": LocalizedMessage(
        "{name} was removed from its object and is no longer in the reports.",
        "{name} a été retiré de son objet et n'est plus dans les rapports.",
    ),
    "join_not_allowed": LocalizedMessage(
        "A report on {base} can join contact only; {other} cannot be used here.",
        "Un rapport sur {base} ne peut joindre que le contact ; {other} ne peut pas être utilisé ici.",
    ),
    "join_not_allowed.relationship": LocalizedMessage(
        "The relationship {name} leads to {other}, but a report can join contact only.",
        "La relation {name} mène à {other}, mais un rapport ne peut joindre que le contact.",
    ),
    "join_not_allowed.base_contact": LocalizedMessage(
        "A report on contact has no join; to keep contacts with or without a {other}, use records.",
        "Un rapport sur le contact n'a pas de jointure ; pour garder les contacts avec ou sans {other}, utilisez "
        "records.",
    ),
    "join_not_allowed.records": LocalizedMessage(
        "records is for reports on contact; a report on {base} cannot use {other}.",
        "records est réservé aux rapports sur le contact ; un rapport sur {base} ne peut pas utiliser {other}.",
    ),
    "relationship_required": LocalizedMessage(
        "{object} has several relationships to contact ({known}); name the one to use.",
        "{object} a plusieurs relations vers le contact ({known}) ; nommez celle à utiliser.",
    ),
    "contacts_conflict": LocalizedMessage(
        "contacts: without keeps records that have no contact, but this report uses the contact.",
        "contacts : without garde les enregistrements sans contact, mais ce rapport utilise le contact.",
    ),
    "contacts_conflict.base_contact": LocalizedMessage(
        "contacts is for reports on other objects; a report on contact takes records instead.",
        "contacts est réservé aux rapports sur d'autres objets ; un rapport sur le contact utilise records.",
    ),
    "too_many_columns": LocalizedMessage(
        "A report has at most {limit} columns.",
        "Un rapport contient au plus {limit} colonnes.",
    ),
    "limit_too_large": LocalizedMessage(
        "This response has at most {limit} {limit:row/rows}; lower the limit.",
        "Cette réponse contient au plus {limit} {limit:ligne/lignes} ; réduisez la limite.",
    ),
    "bad_operator": LocalizedMessage(
        "{op} is not an operator of {field}, which takes {known}.",
        "{op} n'est pas un opérateur de {field} ; opérateurs acceptés : {known}.",
    ),
    "bad_value.count": LocalizedMessage(
        "The number of values is wrong: {op} takes {wanted}, not {count}.",
        "Le nombre de valeurs est incorrect : {op} en prend {wanted}, et non {count}.",
    ),
    "bad_value.count_one": LocalizedMessage(
        "{op} takes one value, not {count}; use {instead} to test several.",
        "{op} prend une valeur, et non {count} ; utilisez {instead} pour en tester plusieurs.",
    ),
    "bad_value.count_any": LocalizedMessage(
        "{op} takes at least one value.",
        "{op} prend au moins une valeur.",
    ),
    "bad_value.empty": LocalizedMessage(
        "An empty value cannot be compared; use is_empty or is_not_empty.",
        "Une valeur vide ne se compare pas ; utilisez is_empty ou is_not_empty.",
    ),
    "bad_value.choice": LocalizedMessage(
        "One of these is expected here: {known}.",
        "Une de ces valeurs est attendue ici : {known}.",
    ),
    "bad_value.limit": LocalizedMessage(
        "A whole number from 1 to {limit} is expected here.",
        "Un nombre entier de 1 à {limit} est attendu ici.",
    ),
    "out_of_range.sum": LocalizedMessage(
        "An amount in a column of the result has at most 34 digits before the decimal point and 4 after it.",
        "Un montant dans une colonne du résultat a au plus 34 chiffres avant la virgule et 4 après.",
    ),
    "bad_value.out_of_range": LocalizedMessage(
        "The value is out of range; allowed: {limit}.",
        "La valeur est hors limites ; sont permis : {limit}.",
    ),
    "bad_value.periods": LocalizedMessage(
        "A whole number from 1 to {limit} is expected here.",
        "Un nombre entier de 1 à {limit} est attendu ici.",
    ),
    "bad_value.repeated": LocalizedMessage(
        "{name} occurs twice; a report shows a column only once.",
        "{name} figure deux fois ; un rapport ne montre une colonne qu'une fois.",
    ),
    "bad_value.depth": LocalizedMessage(
        "Conditions are nested deeper than {limit} levels; join them in fewer groups (and, or).",
        "Les conditions sont imbriquées sur plus de {limit} niveaux ; réunissez-les en moins de groupes (and, or).",
    ),
    "bad_value.conditions": LocalizedMessage(
        "There are more than {limit} conditions; one condition with in tests many values.",
        "Il y a plus de {limit} conditions ; une seule condition avec in teste plusieurs valeurs.",
    ),
    "bad_value.junctions": LocalizedMessage(
        "There are more than {limit} groups of conditions (and, or); join some of them.",
        "Il y a plus de {limit} groupes de conditions (and, or) ; réunissez-en quelques-uns.",
    ),
    "bad_value.too_many": LocalizedMessage(
        "There are more than {limit} values; use several conditions joined with or.",
        "Il y a plus de {limit} valeurs ; utilisez plusieurs conditions réunies par or.",
    ),
    "bad_value.zone": LocalizedMessage(
        "{name} is not an IANA time zone, such as America/Chicago or Europe/Paris.",
        "{name} n'est pas un fuseau horaire IANA, comme America/Chicago ou Europe/Paris.",
    ),
    "bad_value.base_contact": LocalizedMessage(
        "A report on contact has no join, so it takes no relationship.",
        "Un rapport sur le contact n'a pas de jointure et n'accepte donc pas de relation.",
    ),
    "unknown_snapshot.query": LocalizedMessage(
        "There is no snapshot {snapshot}; use current or previous.",
        "L'instantané {snapshot} n'existe pas ; utilisez current ou previous.",
    ),
    "snapshot_expired": LocalizedMessage(
        "The snapshot {snapshot} is no longer kept; use current or previous.",
        "L'instantané {snapshot} n'est plus conservé ; utilisez current ou previous.",
    ),
    "no_snapshot": LocalizedMessage(
        "There is no snapshot yet; the next refresh is due at {next}.",
        "Il n'y a pas encore d'instantané ; le prochain rafraîchissement est prévu à {next}.",
    ),
    "query_timeout": LocalizedMessage(
        "The report took longer than {seconds} {seconds:second/seconds}; narrow its filters or request less.",
        "Le rapport a pris plus de {seconds} {seconds:seconde/secondes} ; resserrez ses filtres ou demandez moins.",
    ),
    "overloaded": LocalizedMessage(
        "Too many reports are running; try again in {seconds} {seconds:second/seconds}.",
        "Trop de rapports sont en cours ; réessayez dans {seconds} {seconds:seconde/secondes}.",
    ),
    "too_heavy": LocalizedMessage(
        "The report needs more memory than one report may use; narrow its filters or request less.",
        "Le rapport demande plus de mémoire qu'un seul rapport ne peut en utiliser ; resserrez ses filtres ou demandez "
        "moins.",
    ),
    "refresh_failed": LocalizedMessage(
        "The last refresh failed for {object}, so its previous data are shown: {reason}.",
        "Le dernier rafraîchissement a échoué pour {object} ; ses données précédentes sont montrées : {reason}.",
    ),
    "refresh_failed.absent": LocalizedMessage(
        "The last refresh failed for {object}, so it is not in the reports yet: {reason}.",
        "Le dernier rafraîchissement a échoué pour {object}, qui n'est donc pas encore dans les rapports : {reason}.",
    ),
    "refresh_failed.unreadable": LocalizedMessage(
        "{object} cannot be shown, because this release cannot read what is stored about it: {reason}.",
        "{object} ne peut pas être montré, car cette version ne peut pas lire ce qui est enregistré à son sujet : "
        "{reason}.",
    ),
    "personal_hidden": LocalizedMessage(
        "{name} holds personal data, and the token lacks the scope records:read: its values are shown as empty, and "
        "conditions find none.",
        "{name} contient des données personnelles et le jeton n'a pas la portée records:read : ses valeurs sont "
        "affichées vides et les conditions n'en trouvent aucune.",
    ),
    "leaving": LocalizedMessage(
        "{name} was deleted; it leaves the reports with the next refresh.",
        "{name} a été supprimé ; il quittera les rapports au prochain rafraîchissement.",
    ),
}
