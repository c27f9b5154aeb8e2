"""Sentences about pivots, comparisons and calculations."""

from crosslook.contracts.messages.base import LocalizedMessage

CALCULATIONS: dict[str, LocalizedMessage] = {
    "required_missing.pivoted": LocalizedMessage(
        "A pivot shows measures for each of its values; add at least one measure.",
        "Un tableau croisé montre des mesures pour chacune de ses valeurs ; ajoutez au moins une mesure.",
    ),
    "bad_value.pivots": LocalizedMessage(
        "A report is pivoted by at most {limit} dimensions.",
        "Un rapport est croisé par au plus {limit} dimensions.",
    ),
    "bad_value.reserved_name": LocalizedMessage(
        "{name} is a reserved word in expressions; choose another name.",
        "{name} est un mot réservé dans les expressions ; choisissez un autre nom.",
    ),
    "bad_value.calculation_name": LocalizedMessage(
        "{name} is not a valid name for a calculation: start with a letter and use only letters, digits, spaces, _, - "
        "and %, at most {limit} characters.",
        "{name} n'est pas un nom de calcul valide : commencez par une lettre et n'utilisez que des lettres, chiffres, "
        "espaces, _, - et %, au plus {limit} caractères.",
    ),
    "bad_value.sorted_by_ordered": LocalizedMessage(
        "{name} depends on the order of the rows, so rows cannot be sorted by it; sort by another column.",
        "{name} dépend de l'ordre des lignes et ne peut donc pas servir au tri ; triez par une autre colonne.",
    ),
    "unknown_field.pivoted": LocalizedMessage(
        "{name} has one column for each value of the pivot; name one of them, such as {name}|open.",
        "{name} a une colonne par valeur du tableau croisé ; nommez l'une d'elles, comme {name}|open.",
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
        "At character {at}: parentheses are nested deeper than {limit} levels; split the expression.",
        "Au caractère {at} : les parenthèses sont imbriquées sur plus de {limit} niveaux ; divisez l'expression.",
    ),
    "bad_expression.character": LocalizedMessage(
        "At character {at}: {found} is not expected here; put a name that contains such characters in [brackets].",
        "Au caractère {at} : {found} n'est pas attendu ici ; mettez un nom qui contient de tels caractères entre "
        "[crochets].",
    ),
    "bad_expression.unclosed": LocalizedMessage(
        "At character {at}: {found} is opened here and never closed; close it.",
        "Au caractère {at} : {found} est ouvert ici et jamais fermé ; fermez-le.",
    ),
    "bad_expression.left_over": LocalizedMessage(
        "At character {at}: an operator is missing before {found}.",
        "Au caractère {at} : il manque un opérateur devant {found}.",
    ),
    "bad_expression.end": LocalizedMessage(
        "At character {at}: the expression ends where a value is expected; add one.",
        "Au caractère {at} : l'expression se termine là où une valeur est attendue ; ajoutez-en une.",
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
        "At character {at}: there is no function {name}; the functions are {known}.",
        "Au caractère {at} : la fonction {name} n'existe pas ; les fonctions sont {known}.",
    ),
    "bad_expression.per_record": LocalizedMessage(
        "At character {at}: {name} is a function of formulas, which are computed for each record; add a formula and "
        "calculate with its measures.",
        "Au caractère {at} : {name} est une fonction des formules, calculées pour chaque enregistrement ; ajoutez une "
        "formule et calculez avec ses mesures.",
    ),
    "bad_expression.arguments": LocalizedMessage(
        "At character {at}: the number of arguments is wrong; {name} takes {wanted}, not {count}.",
        "Au caractère {at} : le nombre d'arguments est incorrect ; {name} en prend {wanted}, et non {count}.",
    ),
    "bad_expression.types": LocalizedMessage(
        "At character {at}: {name} cannot be applied to {types}; use columns of compatible types.",
        "Au caractère {at} : {name} ne s'applique pas à {types} ; utilisez des colonnes de types compatibles.",
    ),
    "bad_expression.places": LocalizedMessage(
        "At character {at}: round takes a whole number of decimals from 0 to {limit}, written as a number.",
        "Au caractère {at} : round prend un nombre entier de décimales de 0 à {limit}, écrit en chiffres.",
    ),
    "bad_expression.window": LocalizedMessage(
        "At character {at}: moving_average takes a whole number of rows from 1 to {limit}, written as a number.",
        "Au caractère {at} : moving_average prend un nombre entier de lignes de 1 à {limit}, écrit en chiffres.",
    ),
    "bad_expression.total_of_dimension": LocalizedMessage(
        "At character {at}: {name} is a dimension and has no total; take the total of a measure.",
        "Au caractère {at} : {name} est une dimension et n'a pas de total ; prenez le total d'une mesure.",
    ),
    "bad_expression.total_over_rows": LocalizedMessage(
        "At character {at}: previous, running_total, moving_average and rank have no total; take the total of a "
        "measure.",
        "Au caractère {at} : previous, running_total, moving_average et rank n'ont pas de total ; prenez le "
        "total d'une mesure.",
    ),
    "bad_expression.empty": LocalizedMessage(
        "The expression is always empty; name a column or a value.",
        "L'expression est toujours vide ; nommez une colonne ou une valeur.",
    ),
    "too_many_groups": LocalizedMessage(
        "The report has more than {limit} groups before it is pivoted, compared or calculated; narrow its filters or "
        "use coarser dimensions.",
        "Le rapport a plus de {limit} groupes avant d'être croisé, comparé ou calculé ; resserrez ses filtres ou "
        "utilisez des dimensions moins fines.",
    ),
    "not_in_previous": LocalizedMessage(
        "The previous snapshot has no {name}, so there is nothing to compare with.",
        "L'instantané précédent n'a pas de {name} ; il n'y a rien à comparer.",
    ),
    "not_in_previous.field": LocalizedMessage(
        "The previous snapshot has no {name}, so its values are empty there.",
        "L'instantané précédent n'a pas de {name} ; ses valeurs y sont vides.",
    ),
    "pivot_omitted": LocalizedMessage(
        "A pivot shows at most {limit} columns. Columns left out: {count}. Narrow the filters or use a coarser "
        "granularity.",
        "Un tableau croisé montre au plus {limit} colonnes. Colonnes omises : {count}. Resserrez les filtres ou "
        "utilisez une granularité moins fine.",
    ),
    "totals_not_in_file": LocalizedMessage(
        "A file contains the rows only. The JSON response to the same request contains the totals.",
        "Un fichier ne contient que les lignes. La réponse JSON à la même requête contient les totaux.",
    ),
    "totals_not_in_file.subtotals": LocalizedMessage(
        "A file contains the rows only. The JSON response to the same request contains the subtotals.",
        "Un fichier ne contient que les lignes. La réponse JSON à la même requête contient les sous-totaux.",
    ),
    "variant.previous": LocalizedMessage("{label}, previous", "{label}, précédent"),
    "variant.delta": LocalizedMessage("{label}, change", "{label}, évolution"),
    "pivot.column": LocalizedMessage("{label}: {value}", "{label} : {value}"),
    "pivot.empty": LocalizedMessage("(empty)", "(vide)"),
    "pivot.yes": LocalizedMessage("yes", "oui"),
    "pivot.no": LocalizedMessage("no", "non"),
}
