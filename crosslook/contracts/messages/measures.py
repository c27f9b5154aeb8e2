"""Sentences about what can be measured, the labels of measures and granularities, and the shapes of their lists."""

from crosslook.contracts.messages.base import LocalizedMessage

MEASURES: dict[str, LocalizedMessage] = {
    "measures_of.text": LocalizedMessage(
        "Text cannot be added up or averaged; its only measure is count_distinct, the number of distinct values.",
        "Un texte ne s'additionne pas et n'a pas de moyenne ; sa seule mesure est count_distinct, le nombre de valeurs "
        "distinctes.",
    ),
    "measures_of.dropdown": LocalizedMessage(
        "Options cannot be added up or averaged; the only measure of a dropdown is count_distinct, the number of "
        "distinct values.",
        "Des options ne s'additionnent pas et n'ont pas de moyenne ; la seule mesure d'une liste déroulante est "
        "count_distinct, le nombre de valeurs distinctes.",
    ),
    "measures_of.textarea": LocalizedMessage(
        "The only measure of long text is count_distinct, the number of distinct values; to count the records that "
        "mention something, filter with contains.",
        "La seule mesure d'un texte long est count_distinct, le nombre de valeurs distinctes ; pour compter les "
        "enregistrements qui mentionnent un mot, filtrez avec contains.",
    ),
    "measures_of.multiselect": LocalizedMessage(
        "The only measure of a multiselect is count_distinct, the number of distinct options that its records have; as "
        "a dimension it counts a record under each of its options.",
        "La seule mesure d'un choix multiple est count_distinct, le nombre d'options distinctes de ses "
        "enregistrements ; comme dimension, il compte un enregistrement sous chacune de ses options.",
    ),
    "measures_of.boolean": LocalizedMessage(
        "A yes-or-no field has no measures; as a dimension it counts the records with each answer.",
        "Un champ oui ou non n'a pas de mesures ; comme dimension, il compte les enregistrements de chaque réponse.",
    ),
    "measures_of.date": LocalizedMessage(
        "A date cannot be added up or averaged; its measures are min and max. As a dimension it takes granularities.",
        "Une date ne s'additionne pas et n'a pas de moyenne ; ses mesures sont min et max. Comme dimension, elle "
        "accepte des granularités.",
    ),
    "measures_of.datetime": LocalizedMessage(
        "A time cannot be added up or averaged; its measures are min and max. As a dimension it takes granularities.",
        "Un instant ne s'additionne pas et n'a pas de moyenne ; ses mesures sont min et max. Comme dimension, il "
        "accepte des granularités.",
    ),
    "measures_of.number": LocalizedMessage(
        "The measures of a number are sum, avg, min, max, median, p90, p95 and stddev; as a dimension it shows its "
        "distinct values.",
        "Les mesures d'un nombre sont sum, avg, min, max, median, p90, p95 et stddev ; comme dimension, il "
        "montre ses valeurs distinctes.",
    ),
    "measures_of.currency": LocalizedMessage(
        "The measures of an amount are sum, avg, min, max, median, p90, p95 and stddev; as a dimension it shows its "
        "distinct values.",
        "Les mesures d'un montant sont sum, avg, min, max, median, p90, p95 et stddev ; comme dimension, il "
        "montre ses valeurs distinctes.",
    ),
    "field.id": LocalizedMessage("Record ID", "Identifiant de l'enregistrement"),
    "field.updated_at": LocalizedMessage("Last updated", "Dernière mise à jour"),
    "contact.email": LocalizedMessage("Email", "E-mail"),
    "contact.first_name": LocalizedMessage("First name", "Prénom"),
    "contact.last_name": LocalizedMessage("Last name", "Nom"),
    "contact.phone": LocalizedMessage("Phone", "Téléphone"),
    "contact.country": LocalizedMessage("Country", "Pays"),
    "contact.created_at": LocalizedMessage("Created", "Création"),
    "measure.count": LocalizedMessage("{label}", "{label}"),
    "measure.sum": LocalizedMessage("{label}, sum", "{label}, somme"),
    "measure.avg": LocalizedMessage("{label}, average", "{label}, moyenne"),
    "measure.min": LocalizedMessage("{label}, minimum", "{label}, minimum"),
    "measure.max": LocalizedMessage("{label}, maximum", "{label}, maximum"),
    "measure.median": LocalizedMessage("{label}, median", "{label}, médiane"),
    "measure.p90": LocalizedMessage("{label}, 90th percentile", "{label}, 90e centile"),
    "measure.p95": LocalizedMessage("{label}, 95th percentile", "{label}, 95e centile"),
    "measure.stddev": LocalizedMessage("{label}, standard deviation", "{label}, écart type"),
    "measure.count_distinct": LocalizedMessage("{label}, distinct values", "{label}, valeurs distinctes"),
    "granularity.hour": LocalizedMessage("{label} (hour)", "{label} (heure)"),
    "granularity.day": LocalizedMessage("{label} (day)", "{label} (jour)"),
    "granularity.week": LocalizedMessage("{label} (week)", "{label} (semaine)"),
    "granularity.month": LocalizedMessage("{label} (month)", "{label} (mois)"),
    "granularity.quarter": LocalizedMessage("{label} (quarter)", "{label} (trimestre)"),
    "granularity.year": LocalizedMessage("{label} (year)", "{label} (année)"),
    "granularity.hour_of_day": LocalizedMessage("{label} (hour of day)", "{label} (heure du jour)"),
    "granularity.day_of_week": LocalizedMessage("{label} (day of week)", "{label} (jour de la semaine)"),
    "granularity.month_of_year": LocalizedMessage("{label} (month of year)", "{label} (mois de l'année)"),
    "wrong_type.sorts": LocalizedMessage(
        'sort is an array: [{{"field": "ticket.count", "direction": "desc"}}].',
        'sort est un tableau : [{{"field": "ticket.count", "direction": "desc"}}].',
    ),
    "wrong_type.dimensions": LocalizedMessage(
        'Dimensions are an array: ["ticket.status", {{"field": "ticket.opened_at", "granularity": "month"}}].',
        'Les dimensions forment un tableau : ["ticket.status", {{"field": "ticket.opened_at", "granularity": '
        '"month"}}].',
    ),
    "wrong_type.measures": LocalizedMessage(
        'Measures are an array: ["ticket.count", "ticket.csat.avg"].',
        'Les mesures forment un tableau : ["ticket.count", "ticket.csat.avg"].',
    ),
    "wrong_type.measure": LocalizedMessage(
        "A measure is a name, such as ticket.count or ticket.csat.avg; a filtered one is an object with measure, name "
        "and filters.",
        "Une mesure est un nom, par exemple ticket.count ou ticket.csat.avg ; une mesure filtrée est un objet avec "
        "measure, name et filters.",
    ),
    "too_many_columns.filtered": LocalizedMessage(
        "A report has at most {limit} filtered measures, not {count}.",
        "Un rapport a au plus {limit} mesures filtrées, et non {count}.",
    ),
    "name_conflict": LocalizedMessage(
        "Another column or value of this report is called {name} already; choose another name.",
        "Une autre colonne ou valeur de ce rapport s'appelle déjà {name} ; choisissez un autre nom.",
    ),
    "bad_value.declared_name": LocalizedMessage(
        "{name} cannot be a name: it consists of small letters, digits and _, begins with a letter, and has at most 63 "
        "characters.",
        "{name} ne peut pas être un nom : il se compose de minuscules, de chiffres et de _, commence par une lettre et "
        "compte au plus 63 caractères.",
    ),
    "wrong_type.calculations": LocalizedMessage(
        'calculations is an array: [{{"name": "Double", "expression": "ticket.count * 2"}}].',
        'calculations est un tableau : [{{"name": "Double", "expression": "ticket.count * 2"}}].',
    ),
    "bad_value.zone_empty": LocalizedMessage(
        "The time zone is empty; send one, such as America/Chicago or Europe/Paris, or leave the member out.",
        "Le fuseau horaire est vide ; envoyez-en un, comme America/Chicago ou Europe/Paris, ou retirez ce membre.",
    ),
}
