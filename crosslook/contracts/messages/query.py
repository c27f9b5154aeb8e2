"""Sentences of the query service."""

from crosslook.contracts.messages.base import Message

QUERY: dict[str, Message] = {
    "required_missing.columns": Message(
        "A report needs at least one dimension or measure.",
        "Un rapport a besoin d'au moins une dimension ou une mesure.",
    ),
    "unknown_object.report": Message(
        "There is no object {object} in this snapshot.",
        "Il n'y a pas d'objet {object} dans cet instantané.",
    ),
    "unknown_field.report": Message(
        "There is no {name} in this snapshot; the catalog lists what can be asked.",
        "{name} n'existe pas dans cet instantané ; le catalogue liste ce qui peut être demandé.",
    ),
    "unknown_field.is_measure": Message(
        "{name} is a measure: name it under measures, or test it in having.",
        "{name} est une mesure : nommez-la dans measures ou testez-la dans having.",
    ),
    "unknown_field.is_dimension": Message(
        "{name} is a dimension: name it under dimensions, or test it in filters.",
        "{name} est une dimension : nommez-la dans dimensions ou testez-la dans filters.",
    ),
    "unknown_field.relationship": Message(
        "{object} has no relationship {name} to contact.",
        "{object} n'a pas de relation {name} vers le contact.",
    ),
    "unknown_field.column": Message(
        "{name} is no column of this result; sort and having name its columns.",
        "{name} n'est pas une colonne de ce résultat ; sort et having nomment ses colonnes.",
    ),
    "unknown_field.granularity": Message(
        "{name} is the name of a result column; a dimension is written {example}.",
        "{name} est le nom d'une colonne de résultat ; une dimension s'écrit {example}.",
    ),
    "unknown_field.truncated": Message(
        "{name} is the name of a result column, which having can test; filters test the field itself: {field}.",
        "{name} est le nom d'une colonne de résultat, que having peut tester ; filters teste le champ lui-même : "
        "{field}.",
    ),
    "unknown_field.having_dimension": Message(
        "{name} is a field, not a column of this result: test it in filters, or add it to dimensions.",
        "{name} est un champ, pas une colonne de ce résultat : testez-le dans filters ou ajoutez-le à dimensions.",
    ),
    "unknown_field.having_measure": Message(
        "{name} is not a column of this result: add it to measures to test it in having.",
        "{name} n'est pas une colonne de ce résultat : ajoutez-la à measures pour la tester dans having.",
    ),
    "unknown_field.sort_dimension": Message(
        "{name} is a field, not a column of this result: add it to dimensions, or sort by a column.",
        "{name} est un champ, pas une colonne de ce résultat : ajoutez-le à dimensions ou triez par une colonne.",
    ),
    "unknown_field.sort_measure": Message(
        "{name} is not a column of this result: add it to measures to sort by it.",
        "{name} n'est pas une colonne de ce résultat : ajoutez-la à measures pour trier selon elle.",
    ),
    "unknown_property.condition": Message(
        "A condition does not use a field's name as a property; write {example}.",
        "Une condition n'utilise pas le nom d'un champ comme propriété ; écrivez {example}.",
    ),
    "unknown_option.condition": Message(
        "{value} is not an option of {field}: no record has it, unless the option was removed from the field.",
        "{value} n'est pas une option de {field} : aucun élément ne l'a, sauf si l'option a été retirée du champ.",
    ),
    "wrong_type.conditions": Message(
        'Conditions are an object, not an array: {{"and": [{{"field": "ticket.status", "op": "eq", "values": '
        '["open"]}}]}}.',
        'Les conditions forment un objet, pas un tableau : {{"and": [{{"field": "ticket.status", "op": "eq", '
        '"values": ["open"]}}]}}.',
    ),
    "wrong_type.dimension": Message(
        'A dimension is a name, or {{"field": "ticket.opened_at", "granularity": "month"}}.',
        'Une dimension est un nom, ou {{"field": "ticket.opened_at", "granularity": "month"}}.',
    ),
    "not_reportable.report": Message(
        "{object} has no relationship to contact, so it cannot be reported on; add one in Manage data.",
        "{object} n'a pas de relation vers le contact et ne peut pas figurer dans un rapport ; ajoutez-en une dans "
        "Gestion des données.",
    ),
    "not_reportable.records": Message(
        "records names an object that links contacts, not {object} itself.",
        "records nomme un objet lié aux contacts, pas {object} lui-même.",
    ),
    "pending_object": Message(
        "{object} is not in the reports yet; it comes with the next refresh.",
        "{object} n'est pas encore dans les rapports ; il y sera après la prochaine actualisation.",
    ),
    "pending_field": Message(
        "{name} is not in the reports yet; it comes with the next refresh.",
        "{name} n'est pas encore dans les rapports ; il y sera après la prochaine actualisation.",
    ),
    "removed_field": Message(
        "{name} was removed from its object and is no longer in the reports.",
        "{name} a été retiré de son objet et n'est plus dans les rapports.",
    ),
    "join_not_allowed": Message(
        "A report on {base} may use contact beside it and nothing else; it cannot use {other}.",
        "Un rapport sur {base} peut utiliser le contact et rien d'autre ; il ne peut pas utiliser {other}.",
    ),
    "join_not_allowed.base_contact": Message(
        "A report on contact joins nothing; to keep contacts with or without a {other}, use records.",
        "Un rapport sur le contact ne joint rien ; pour garder les contacts avec ou sans {other}, utilisez records.",
    ),
    "join_not_allowed.records": Message(
        "records is for reports on contact; a report on {base} cannot look at {other}.",
        "records est réservé aux rapports sur le contact ; un rapport sur {base} ne peut pas consulter {other}.",
    ),
    "relationship_required": Message(
        "{object} has several relationships to contact ({known}); name the one to use.",
        "{object} a plusieurs relations vers le contact ({known}) ; nommez celle à utiliser.",
    ),
    "contacts_conflict": Message(
        "contacts: without keeps records that have no contact, but this report uses the contact.",
        "contacts : without garde les éléments sans contact, mais ce rapport utilise le contact.",
    ),
    "contacts_conflict.base_contact": Message(
        "contacts is for reports on other objects; a report on contact takes records instead.",
        "contacts est réservé aux rapports sur d'autres objets ; un rapport sur le contact utilise records.",
    ),
    "unknown_granularity": Message(
        "{field} has no granularity {name}; it takes {known}.",
        "{field} n'a pas de granularité {name} ; elle accepte {known}.",
    ),
    "unknown_granularity.undated": Message(
        "{field} is no time, so it has no granularity {name}.",
        "{field} n'est pas un temps et n'a donc pas de granularité {name}.",
    ),
    "too_many_columns": Message(
        "A report holds at most {limit} columns.",
        "Un rapport contient au plus {limit} colonnes.",
    ),
    "limit_too_large": Message(
        "This answer holds at most {limit} rows; lower the limit.",
        "Cette réponse contient au plus {limit} lignes ; réduisez la limite.",
    ),
    "bad_operator": Message(
        "{op} cannot test {field}; it takes {known}.",
        "{op} ne peut pas tester {field} ; opérateurs acceptés : {known}.",
    ),
    "bad_value.count": Message(
        "The number of values is wrong: {op} takes {wanted}, not {count}.",
        "Le nombre de valeurs est incorrect : {op} en prend {wanted}, non {count}.",
    ),
    "bad_value.count_any": Message(
        "{op} takes at least one value.",
        "{op} prend au moins une valeur.",
    ),
    "bad_value.empty": Message(
        "An empty value is not compared; use is_empty or is_not_empty.",
        "Une valeur vide ne se compare pas ; utilisez is_empty ou is_not_empty.",
    ),
    "bad_value.choice": Message(
        "One of these is expected here: {known}.",
        "Une de ces valeurs est attendue ici : {known}.",
    ),
    "bad_value.limit": Message(
        "A whole number from 1 to {limit} is expected here.",
        "Un nombre entier de 1 à {limit} est attendu ici.",
    ),
    "out_of_range.sum": Message(
        "An amount in a column of the result has at most 34 digits before the decimal point and 4 after it.",
        "Un montant dans une colonne du résultat a au plus 34 chiffres avant la virgule et 4 après.",
    ),
    "bad_value.out_of_range": Message(
        "The value is outside of what this field holds: {limit}.",
        "La valeur dépasse ce que ce champ peut contenir : {limit}.",
    ),
    "bad_value.periods": Message(
        "A whole number from 1 to {limit} is expected here.",
        "Un nombre entier de 1 à {limit} est attendu ici.",
    ),
    "bad_value.repeated": Message(
        "{name} is named twice; a column can be there once.",
        "{name} est nommé deux fois ; une colonne ne peut figurer qu'une fois.",
    ),
    "bad_value.depth": Message(
        "Conditions are nested deeper than {limit} levels.",
        "Les conditions sont imbriquées sur plus de {limit} niveaux.",
    ),
    "bad_value.conditions": Message(
        "There are more than {limit} conditions.",
        "Il y a plus de {limit} conditions.",
    ),
    "bad_value.junctions": Message(
        "There are more than {limit} groups of conditions (and, or).",
        "Il y a plus de {limit} groupes de conditions (and, or).",
    ),
    "bad_value.too_many": Message(
        "There are more than {limit} values.",
        "Il y a plus de {limit} valeurs.",
    ),
    "bad_value.zone": Message(
        "{name} is no IANA time zone; America/Chicago is one.",
        "{name} n'est pas un fuseau horaire IANA ; America/Chicago en est un.",
    ),
    "bad_value.base_contact": Message(
        "A report on contact has no join, so it takes no relationship.",
        "Un rapport sur le contact n'a pas de jointure et n'accepte donc pas de relation.",
    ),
    "unknown_snapshot.query": Message(
        "There is no snapshot {snapshot}; ask for current or previous.",
        "L'instantané {snapshot} n'existe pas ; demandez current ou previous.",
    ),
    "snapshot_expired": Message(
        "The snapshot {snapshot} is no longer kept; ask for current or previous.",
        "L'instantané {snapshot} n'est plus conservé ; demandez current ou previous.",
    ),
    "no_snapshot": Message(
        "There is no snapshot yet; the next refresh is due at {next}.",
        "Il n'y a pas encore d'instantané ; la prochaine actualisation est prévue à {next}.",
    ),
    "query_timeout": Message(
        "The report took longer than {seconds} seconds; narrow its filters or ask for less.",
        "Le rapport a pris plus de {seconds} secondes ; resserrez ses filtres ou demandez moins.",
    ),
    "overloaded": Message(
        "Too many reports are running; try again in {seconds} seconds.",
        "Trop de rapports sont en cours ; réessayez dans {seconds} secondes.",
    ),
    "too_heavy": Message(
        "The report needs more memory than one report may take; narrow its filters or ask for less.",
        "Le rapport demande plus de mémoire qu'autorisé ; resserrez ses filtres ou demandez moins.",
    ),
    "refresh_failed": Message(
        "The last refresh failed for this tenant, so earlier data are shown: {reason}.",
        "La dernière actualisation a échoué pour ce locataire, des données antérieures sont montrées : {reason}.",
    ),
    "leaving": Message(
        "{name} was deleted; it leaves the reports with the next refresh.",
        "{name} a été supprimé ; il quittera les rapports à la prochaine actualisation.",
    ),
    "measures_of.dropdown": Message(
        "A choice is neither added up nor averaged; its distinct values can be counted.",
        "Un choix ne s'additionne pas et n'a pas de moyenne ; ses valeurs distinctes peuvent être comptées.",
    ),
    "measures_of.textarea": Message(
        "Long text has no measures; to count the records that mention something, filter with contains.",
        "Un texte long n'a pas de mesures ; pour compter les éléments qui mentionnent un mot, filtrez avec contains.",
    ),
    "measures_of.multiselect": Message(
        "Several choices have no measures; as a dimension they count a record under each of its choices.",
        "Un choix multiple n'a pas de mesures ; comme dimension, il compte un élément sous chacun de ses choix.",
    ),
    "measures_of.boolean": Message(
        "Yes or no has no measures; as a dimension it counts the records of each.",
        "Un oui ou non n'a pas de mesures ; comme dimension, il compte les éléments de chaque réponse.",
    ),
    "measures_of.date": Message(
        "A date has an earliest and a latest value and is not added up; as a dimension it takes granularities.",
        "Une date a une valeur minimale et maximale et ne s'additionne pas ; comme dimension, elle accepte des "
        "granularités.",
    ),
    "measures_of.datetime": Message(
        "A time has an earliest and a latest value and is not added up; as a dimension it takes granularities.",
        "Un instant a une valeur minimale et maximale et ne s'additionne pas ; comme dimension, il accepte des "
        "granularités.",
    ),
    "measures_of.number": Message(
        "A number has every measure but the count of its distinct values; name it as a dimension to see those.",
        "Un nombre a toutes les mesures sauf le compte de ses valeurs distinctes ; nommez-le comme dimension pour les "
        "voir.",
    ),
    "measures_of.currency": Message(
        "An amount has every measure but the count of its distinct values; name it as a dimension to see those.",
        "Un montant a toutes les mesures sauf le compte de ses valeurs distinctes ; nommez-le comme dimension pour les "
        "voir.",
    ),
    "measure.count": Message("{label}", "{label}"),
    "measure.sum": Message("{label}, sum", "{label}, somme"),
    "measure.avg": Message("{label}, average", "{label}, moyenne"),
    "measure.min": Message("{label}, minimum", "{label}, minimum"),
    "measure.max": Message("{label}, maximum", "{label}, maximum"),
    "measure.median": Message("{label}, median", "{label}, médiane"),
    "measure.count_distinct": Message("{label}, distinct values", "{label}, valeurs distinctes"),
    "granularity.hour": Message("{label} (hour)", "{label} (heure)"),
    "granularity.day": Message("{label} (day)", "{label} (jour)"),
    "granularity.week": Message("{label} (week)", "{label} (semaine)"),
    "granularity.month": Message("{label} (month)", "{label} (mois)"),
    "granularity.quarter": Message("{label} (quarter)", "{label} (trimestre)"),
    "granularity.year": Message("{label} (year)", "{label} (année)"),
    "granularity.hour_of_day": Message("{label} (hour of day)", "{label} (heure du jour)"),
    "granularity.day_of_week": Message("{label} (day of week)", "{label} (jour de la semaine)"),
    "granularity.month_of_year": Message("{label} (month of year)", "{label} (mois de l'année)"),
}
