"""Sentences about what a result is made of: pivots, comparisons, calculations."""

from crosslook.contracts.messages.base import LocalizedMessage

CALCULATIONS: dict[str, LocalizedMessage] = {
    "required_missing.pivoted": LocalizedMessage(
        "A pivot spreads measures over its values; name at least one measure.",
        "Un tableau croisé répartit des mesures sur ses valeurs ; nommez au moins une mesure.",
    ),
    "bad_value.pivots": LocalizedMessage(
        "A report is pivoted by at most {limit} dimensions.",
        "Un rapport est croisé par au plus {limit} dimensions.",
    ),
    "bad_value.reserved_name": LocalizedMessage(
        "{name} is a word of the expressions themselves; choose another name.",
        "{name} est un mot des expressions elles-mêmes ; choisissez un autre nom.",
    ),
    "bad_value.calculation_name": LocalizedMessage(
        "A calculation's name begins with a letter and holds letters, digits, spaces, _, - and %, at most {limit}; "
        "{name} does not.",
        "Le nom d'un calcul commence par une lettre et contient des lettres, chiffres, espaces, _, - et %, au plus "
        "{limit} ; ce n'est pas le cas de {name}.",
    ),
    "bad_value.sorted_by_ordered": LocalizedMessage(
        "{name} depends on the order of the rows, so rows cannot be sorted by it; sort by another column.",
        "{name} dépend de l'ordre des lignes et ne peut donc pas servir au tri ; triez par une autre colonne.",
    ),
    "unknown_field.pivoted": LocalizedMessage(
        "Under a pivot {name} stands once for each value; name one of its columns, such as {name}|open.",
        "Dans un tableau croisé, {name} figure une fois par valeur ; nommez l'une de ses colonnes, comme {name}|open.",
    ),
    "unknown_field.in_expression": LocalizedMessage(
        "At character {at}: {name} is not a column of this result; put a name with spaces in [brackets].",
        "Au caractère {at} : {name} n'est pas une colonne de ce résultat ; mettez un nom avec espaces entre "
        "[crochets].",
    ),
    "unknown_field.expression_measure": LocalizedMessage(
        "At character {at}: {name} is not a column of this result; add it to measures to calculate with it.",
        "Au caractère {at} : {name} n'est pas une colonne de ce résultat ; ajoutez-la à measures pour calculer avec.",
    ),
    "unknown_field.expression_dimension": LocalizedMessage(
        "At character {at}: {name} is a field, not a column of this result; add it to dimensions, or use one of its "
        "measures.",
        "Au caractère {at} : {name} est un champ, pas une colonne de ce résultat ; ajoutez-le à dimensions ou utilisez "
        "l'une de ses mesures.",
    ),
    "unknown_field.expression_not_compared": LocalizedMessage(
        'At character {at}: {name} is a column of a comparison; add "compare": "previous" to the request.',
        'Au caractère {at} : {name} est une colonne d\'une comparaison ; ajoutez "compare": "previous" à la requête.',
    ),
    "unknown_field.later": LocalizedMessage(
        "At character {at}: {name} is declared here or later; a calculation may name earlier ones only.",
        "Au caractère {at} : {name} est déclaré ici ou plus loin ; un calcul ne peut nommer que les précédents.",
    ),
    "bad_expression.length": LocalizedMessage(
        "An expression has at most {limit} characters; split it into several calculations.",
        "Une expression a au plus {limit} caractères ; répartissez-la sur plusieurs calculs.",
    ),
    "bad_expression.digits": LocalizedMessage(
        "At character {at}: a number has at most {limit} digits; shorten it.",
        "Au caractère {at} : un nombre a au plus {limit} chiffres ; raccourcissez-le.",
    ),
    "bad_expression.depth": LocalizedMessage(
        "The expression has more than {limit} levels; split it into several calculations.",
        "L'expression a plus de {limit} niveaux ; répartissez-la sur plusieurs calculs.",
    ),
    "bad_expression.nesting": LocalizedMessage(
        "At character {at}: more than {limit} parentheses stand inside each other; split the expression.",
        "Au caractère {at} : plus de {limit} parenthèses sont imbriquées ; divisez l'expression.",
    ),
    "bad_expression.character": LocalizedMessage(
        "At character {at}: {found} has no meaning here; put a name with such signs in [brackets].",
        "Au caractère {at} : {found} n'a pas de sens ici ; mettez un nom avec de tels signes entre [crochets].",
    ),
    "bad_expression.unclosed": LocalizedMessage(
        "At character {at}: what begins with {found} does not end; close it.",
        "Au caractère {at} : ce qui commence par {found} ne se termine pas ; fermez-le.",
    ),
    "bad_expression.left_over": LocalizedMessage(
        "At character {at}: {found} does not go on from what stands before it; an operator is missing.",
        "Au caractère {at} : {found} ne suit pas ce qui précède ; il manque un opérateur.",
    ),
    "bad_expression.end": LocalizedMessage(
        "At character {at}: the expression ends where a value is expected; add it.",
        "Au caractère {at} : l'expression se termine là où une valeur est attendue ; ajoutez-la.",
    ),
    "bad_expression.operand": LocalizedMessage(
        "At character {at}: a number, a name or a function is expected here, not {found}.",
        "Au caractère {at} : un nombre, un nom ou une fonction est attendu ici, pas {found}.",
    ),
    "bad_expression.closing": LocalizedMessage(
        "At character {at}: a closing parenthesis is expected here.",
        "Au caractère {at} : une parenthèse fermante est attendue ici.",
    ),
    "bad_expression.chained": LocalizedMessage(
        "At character {at}: {found} follows a comparison; join comparisons with and.",
        "Au caractère {at} : {found} suit une comparaison ; reliez les comparaisons par and.",
    ),
    "bad_expression.function": LocalizedMessage(
        "At character {at}: there is no function {name}; there are {known}.",
        "Au caractère {at} : la fonction {name} n'existe pas ; il y a {known}.",
    ),
    "bad_expression.arguments": LocalizedMessage(
        "At character {at}: {name} takes {wanted} values in its parentheses, not {count}.",
        "Au caractère {at} : {name} prend {wanted} valeurs entre ses parenthèses, non {count}.",
    ),
    "bad_expression.types": LocalizedMessage(
        "At character {at}: {name} cannot be applied to {types}; use columns of types that go together.",
        "Au caractère {at} : {name} ne s'applique pas à {types} ; utilisez des colonnes de types compatibles.",
    ),
    "bad_expression.places": LocalizedMessage(
        "At character {at}: round takes a whole number of decimals from 0 to {limit}, written as a number.",
        "Au caractère {at} : round prend un nombre entier de décimales de 0 à {limit}, écrit en chiffres.",
    ),
    "bad_expression.total_of_dimension": LocalizedMessage(
        "At character {at}: {name} is a dimension and has no total; take the total of a measure.",
        "Au caractère {at} : {name} est une dimension et n'a pas de total ; prenez le total d'une mesure.",
    ),
    "bad_expression.total_over_rows": LocalizedMessage(
        "At character {at}: previous, running_total and rank have no total; take the total of a measure.",
        "Au caractère {at} : previous, running_total et rank n'ont pas de total ; prenez le total d'une mesure.",
    ),
    "bad_expression.empty": LocalizedMessage(
        "The expression is always empty; name a column or a value.",
        "L'expression est toujours vide ; nommez une colonne ou une valeur.",
    ),
    "too_many_groups": LocalizedMessage(
        "The report has more than {limit} groups before it is pivoted, compared or calculated; narrow its filters or "
        "take coarser dimensions.",
        "Le rapport a plus de {limit} groupes avant d'être croisé, comparé ou calculé ; resserrez ses filtres ou "
        "prenez des dimensions moins fines.",
    ),
    "not_in_previous": LocalizedMessage(
        "The snapshot before has no {name}, so there is nothing to compare with.",
        "L'instantané précédent n'a pas de {name} ; il n'y a rien à comparer.",
    ),
    "not_in_previous.field": LocalizedMessage(
        "The snapshot before has no {name}; it is empty there.",
        "L'instantané précédent n'a pas de {name} ; il y est vide.",
    ),
    "pivot_omitted": LocalizedMessage(
        "A pivot makes at most {limit} columns. Columns that are left out: {count}. Narrow the filters or take a "
        "coarser granularity.",
        "Un tableau croisé a au plus {limit} colonnes. Colonnes laissées de côté : {count}. Resserrez les filtres ou "
        "prenez une granularité moins fine.",
    ),
    "totals_not_in_file": LocalizedMessage(
        "A file holds the rows only. The totals are in the JSON answer of the same request.",
        "Un fichier ne contient que les lignes. Les totaux figurent dans la réponse JSON à la même requête.",
    ),
    "totals_not_in_file.subtotals": LocalizedMessage(
        "A file holds the rows only. The subtotals are in the JSON answer of the same request.",
        "Un fichier ne contient que les lignes. Les sous-totaux figurent dans la réponse JSON à la même requête.",
    ),
    "variant.previous": LocalizedMessage("{label}, previous", "{label}, précédent"),
    "variant.delta": LocalizedMessage("{label}, change", "{label}, évolution"),
    "pivot.column": LocalizedMessage("{label}: {value}", "{label} : {value}"),
    "pivot.empty": LocalizedMessage("(empty)", "(vide)"),
    "pivot.yes": LocalizedMessage("yes", "oui"),
    "pivot.no": LocalizedMessage("no", "non"),
}
