"""Problems with dates and times in reports: granularities, periods and comparisons with them."""

from crosslook.contracts.messages.base import LocalizedMessage

PERIODS: dict[str, LocalizedMessage] = {
    "unknown_granularity": LocalizedMessage(
        "{field} has no granularity {name}; it takes {known}.",
        "{field} n'a pas de granularité {name} ; granularités acceptées : {known}.",
    ),
    "unknown_granularity.undated": LocalizedMessage(
        "{field} is not a date or time, so it cannot be grouped by {name}.",
        "{field} n'est ni une date ni une heure et ne peut donc pas être groupé par {name}.",
    ),
    "unknown_granularity.condition": LocalizedMessage(
        "{field} is not a date or time, so a condition on it cannot have a granularity.",
        "{field} n'est ni une date ni une heure : une condition sur ce champ ne peut pas avoir de granularité.",
    ),
    "unknown_granularity.column": LocalizedMessage(
        "{field} is a column of the result, so a condition on it cannot have a granularity; use filters for that.",
        "{field} est une colonne du résultat : une condition sur cette colonne ne peut pas avoir de granularité ; "
        "utilisez filters.",
    ),
    "variant.named": LocalizedMessage("{label}, {name}", "{label}, {name}"),
    "variant.named_delta": LocalizedMessage("{label}, {name}, change", "{label}, {name}, évolution"),
    "variant.previous_hour": LocalizedMessage("{label}, previous hour", "{label}, heure précédente"),
    "variant.hours_earlier": LocalizedMessage("{label}, {count} hours earlier", "{label}, {count} heures plus tôt"),
    "variant.previous_day": LocalizedMessage("{label}, previous day", "{label}, jour précédent"),
    "variant.days_earlier": LocalizedMessage("{label}, {count} days earlier", "{label}, {count} jours plus tôt"),
    "variant.previous_week": LocalizedMessage("{label}, previous week", "{label}, semaine précédente"),
    "variant.weeks_earlier": LocalizedMessage("{label}, {count} weeks earlier", "{label}, {count} semaines plus tôt"),
    "variant.previous_month": LocalizedMessage("{label}, previous month", "{label}, mois précédent"),
    "variant.months_earlier": LocalizedMessage("{label}, {count} months earlier", "{label}, {count} mois plus tôt"),
    "variant.previous_quarter": LocalizedMessage("{label}, previous quarter", "{label}, trimestre précédent"),
    "variant.quarters_earlier": LocalizedMessage(
        "{label}, {count} quarters earlier", "{label}, {count} trimestres plus tôt"
    ),
    "variant.previous_year": LocalizedMessage("{label}, previous year", "{label}, année précédente"),
    "variant.years_earlier": LocalizedMessage("{label}, {count} years earlier", "{label}, {count} ans plus tôt"),
    "wrong_type.compare": LocalizedMessage(
        'A comparison is "previous", or an object with a field and a shift, or a list of such objects with names.',
        'Une comparaison est "previous", un objet avec un champ (field) et un décalage (shift), ou une liste de tels '
        "objets avec un nom.",
    ),
    "wrong_type.shift": LocalizedMessage(
        'A shift is a whole number from 1 to {limit} and a unit, such as [1, "month"].',
        'Un décalage est un nombre entier de 1 à {limit} et une unité, par exemple [1, "month"].',
    ),
    "bad_value.comparisons": LocalizedMessage(
        "A report is compared with at most {limit} periods, not {count}.",
        "Un rapport se compare à {limit} périodes au plus, et non à {count}.",
    ),
    "bad_value.comparison_repeated": LocalizedMessage(
        "Two comparisons are called {name}.",
        "Deux comparaisons s'appellent {name}.",
    ),
    "bad_value.moved_contact": LocalizedMessage(
        "{field} is not a field of {object}; only values of the object that the report is on can be moved.",
        "{field} n'est pas un champ de {object} ; seules les valeurs de l'objet du rapport peuvent être décalées.",
    ),
    "bad_value.moved_undated": LocalizedMessage(
        "{field} is not a date or time, so its values cannot be moved.",
        "{field} n'est ni une date ni une heure : ses valeurs ne peuvent pas être décalées.",
    ),
    "compare_without_effect": LocalizedMessage(
        "Nothing in this report depends on {field}, so the compared figures are the same; filter by it, or add it as a "
        "dimension.",
        "Rien dans ce rapport ne dépend de {field} : les chiffres comparés sont les mêmes ; ajoutez un filtre ou une "
        "dimension sur ce champ.",
    ),
    "moved_in_filters_only": LocalizedMessage(
        "{name} is computed from the stored values of {field}, which only the filters move; it need not add up to the "
        "compared figure.",
        "{name} est calculé à partir des valeurs enregistrées de {field}, que seuls les filtres décalent ; la somme "
        "peut différer du chiffre comparé.",
    ),
    "wrong_type.moved": LocalizedMessage(
        "An object with a field and a shift is expected here.",
        "Un objet avec un champ (field) et un décalage (shift) est attendu ici.",
    ),
    "bad_value.moved_without_list": LocalizedMessage(
        "Only the filters of a list read moved values; to compare a report with an earlier period, use compare.",
        "Seuls les filtres d'une liste lisent des valeurs décalées ; pour comparer un rapport à une période "
        "précédente, utilisez compare.",
    ),
    "bad_value.compare": LocalizedMessage(
        'A comparison is "previous" (the previous snapshot), or an object with a field and a shift for an earlier '
        "period.",
        'Une comparaison est "previous" (l\'instantané précédent), ou un objet avec un champ (field) et un décalage '
        "(shift) pour une période précédente.",
    ),
    "bad_value.count_period": LocalizedMessage(
        "{op} takes {example} as its values.",
        "{op} prend {example} comme valeurs.",
    ),
}
