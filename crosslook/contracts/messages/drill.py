"""Sentences about drilling into a cell of a report."""

from crosslook.contracts.messages.base import LocalizedMessage

DRILL: dict[str, LocalizedMessage] = {
    "not_drillable": LocalizedMessage(
        "There are no records behind this cell.",
        "Il n'y a pas d'enregistrements derrière cette cellule.",
    ),
    "not_drillable.dimension": LocalizedMessage(
        "{name} is a dimension, which groups records; drill into the column of a measure.",
        "{name} est une dimension, qui regroupe des enregistrements ; explorez la colonne d'une mesure.",
    ),
    "not_drillable.calculation": LocalizedMessage(
        "{name} is a calculation over other columns and has no records of its own; drill into the measures that it "
        "uses.",
        "{name} est un calcul sur d'autres colonnes et n'a pas d'enregistrements propres ; explorez les mesures qu'il "
        "utilise.",
    ),
    "not_drillable.change": LocalizedMessage(
        "{name} is the change between two figures; drill into the figure of either side.",
        "{name} est l'écart entre deux chiffres ; explorez le chiffre de l'un des deux côtés.",
    ),
    "not_drillable.count_distinct": LocalizedMessage(
        "{name} counts distinct values, and each of them may occur in many records; drill into a count of the same "
        "group.",
        "{name} compte des valeurs distinctes, dont chacune peut figurer dans plusieurs enregistrements ; explorez le "
        "nombre d'enregistrements du même groupe.",
    ),
    "not_drillable.list": LocalizedMessage(
        "A list shows the records already; drill into a report with measures.",
        "Une liste montre déjà les enregistrements ; explorez un rapport avec des mesures.",
    ),
    "not_drillable.not_in_previous": LocalizedMessage(
        "The previous snapshot does not have the object {object}, so there are no records behind its figures.",
        "L'instantané précédent ne contient pas l'objet {object} ; ses chiffres n'ont donc pas d'enregistrements.",
    ),
    "not_drillable.formula": LocalizedMessage(
        "The formula {name} uses a field that the previous snapshot does not have, so no list can be filtered by it.",
        "La formule {name} utilise un champ que l'instantané précédent n'a pas ; aucune liste ne peut être filtrée "
        "selon elle.",
    ),
    "unknown_field.drilled": LocalizedMessage(
        "{name} is not a column of a measure in this result; send its name as the result shows it.",
        "{name} n'est pas une colonne de mesure de ce résultat ; envoyez son nom tel que le résultat le montre.",
    ),
    "wrong_type.drill_row": LocalizedMessage(
        'A row is an array with a value for each dimension, such as ["open", null]; null is the row of totals.',
        'Une ligne est un tableau avec une valeur par dimension, par exemple ["open", null] ; null est la ligne des '
        "totaux.",
    ),
    "required_missing.drill_row": LocalizedMessage(
        'row is required: a value for each dimension, such as ["open", null]; null is the row of totals.',
        'row est obligatoire : une valeur par dimension, par exemple ["open", null] ; null est la ligne des totaux.',
    ),
    "wrong_type.drill_value": LocalizedMessage(
        "A value of a row is a text, a number, true, false or null, as the result shows it.",
        "Une valeur de ligne est un texte, un nombre, true, false ou null, telle que le résultat la montre.",
    ),
    "bad_value.drill_row": LocalizedMessage(
        "The row has {count} values; it has at most one for each of the {limit} dimensions.",
        "La ligne a {count} valeurs ; elle en a au plus une pour chacune des {limit} dimensions.",
    ),
    "bad_value.drill_empty": LocalizedMessage(
        "No row is grouped under an empty text; send null for the empty group.",
        "Aucune ligne n'est regroupée sous un texte vide ; envoyez null pour le groupe vide.",
    ),
}
