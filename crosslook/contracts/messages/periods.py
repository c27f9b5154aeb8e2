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
}
