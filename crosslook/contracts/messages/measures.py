"""Sentences about what can be measured, the labels of measures and granularities, and the shapes of their lists."""

from crosslook.contracts.messages.base import Message

MEASURES: dict[str, Message] = {
    "measures_of.text": Message(
        "Text cannot be added up or averaged; its one measure is count_distinct, the number of distinct values.",
        "Un texte ne s'additionne pas et n'a pas de moyenne ; sa seule mesure est count_distinct, le nombre de valeurs "
        "distinctes.",
    ),
    "measures_of.dropdown": Message(
        "A choice cannot be added up or averaged; its one measure is count_distinct, the number of distinct values.",
        "Un choix ne s'additionne pas et n'a pas de moyenne ; sa seule mesure est count_distinct, le nombre de valeurs "
        "distinctes.",
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
        "A date cannot be added up or averaged; its measures are min and max. As a dimension it takes granularities.",
        "Une date ne s'additionne pas et n'a pas de moyenne ; ses mesures sont min et max. Comme dimension, elle "
        "accepte des granularités.",
    ),
    "measures_of.datetime": Message(
        "A time cannot be added up or averaged; its measures are min and max. As a dimension it takes granularities.",
        "Un instant ne s'additionne pas et n'a pas de moyenne ; ses mesures sont min et max. Comme dimension, il "
        "accepte des granularités.",
    ),
    "measures_of.number": Message(
        "The measures of a number are sum, avg, min, max and median; as a dimension it shows its distinct values.",
        "Les mesures d'un nombre sont sum, avg, min, max et median ; comme dimension, il montre ses valeurs "
        "distinctes.",
    ),
    "measures_of.currency": Message(
        "The measures of an amount are sum, avg, min, max and median; as a dimension it shows its distinct values.",
        "Les mesures d'un montant sont sum, avg, min, max et median ; comme dimension, il montre ses valeurs "
        "distinctes.",
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
    "wrong_type.sorts": Message(
        'sort is an array: [{{"field": "ticket.count", "direction": "desc"}}].',
        'sort est un tableau : [{{"field": "ticket.count", "direction": "desc"}}].',
    ),
    "wrong_type.dimensions": Message(
        'Dimensions are an array: ["ticket.status", {{"field": "ticket.opened_at", "granularity": "month"}}].',
        'Les dimensions forment un tableau : ["ticket.status", {{"field": "ticket.opened_at", "granularity": '
        '"month"}}].',
    ),
    "wrong_type.measures": Message(
        'Measures are an array: ["ticket.count", "ticket.csat.avg"].',
        'Les mesures forment un tableau : ["ticket.count", "ticket.csat.avg"].',
    ),
    "wrong_type.calculations": Message(
        'calculations is an array: [{{"name": "Double", "expression": "ticket.count * 2"}}].',
        'calculations est un tableau : [{{"name": "Double", "expression": "ticket.count * 2"}}].',
    ),
    "bad_value.zone_empty": Message(
        "The time zone is empty; send one, such as America/Chicago or Europe/Paris, or leave the member out.",
        "Le fuseau horaire est vide ; envoyez-en un, comme America/Chicago ou Europe/Paris, ou retirez ce membre.",
    ),
}
