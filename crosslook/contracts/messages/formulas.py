"""Sentences about formulas."""

from crosslook.contracts.messages.base import LocalizedMessage

FORMULA_MESSAGES: dict[str, LocalizedMessage] = {
    "bad_value.formulas": LocalizedMessage(
        "A report has at most {limit} formulas.",
        "Un rapport a au plus {limit} formules.",
    ),
    "wrong_type.formula": LocalizedMessage(
        "A formula is an object with a name and an expression.",
        "Une formule est un objet avec un nom et une expression.",
    ),
    "wrong_type.formulas": LocalizedMessage(
        "Formulas are an array of objects with a name and an expression.",
        "Les formules sont un tableau d'objets avec un nom et une expression.",
    ),
    "too_large.formulas": LocalizedMessage(
        "The formulas of a report have at most {limit} operations in total; shorten them.",
        "Les formules d'un rapport ont au plus {limit} opérations au total ; raccourcissez-les.",
    ),
    "too_large.statement": LocalizedMessage(
        "The report is too large for the engine; use fewer columns, conditions or formulas.",
        "Le rapport est trop grand pour le moteur ; utilisez moins de colonnes, de conditions ou de formules.",
    ),
    "unknown_field.in_formula": LocalizedMessage(
        "At character {at}: {name} is neither a field of an object in this report nor an earlier formula.",
        "Au caractère {at} : {name} n'est ni un champ d'un objet de ce rapport ni une formule précédente.",
    ),
    "unknown_field.later_formula": LocalizedMessage(
        "At character {at}: {name} is declared here or later; a formula may name earlier ones only.",
        "Au caractère {at} : {name} est déclaré ici ou plus loin ; une formule ne peut nommer que les précédentes.",
    ),
    "unknown_field.formula_as_measure": LocalizedMessage(
        "{name} is not a measure; the measures of this formula are {known}.",
        "{name} n'est pas une mesure ; les mesures de cette formule sont {known}.",
    ),
    "bad_expression.several": LocalizedMessage(
        "At character {at}: {name} can have several values for a record; a formula uses fields with one value.",
        "Au caractère {at} : {name} peut avoir plusieurs valeurs par enregistrement ; une formule utilise des champs à "
        "une seule valeur.",
    ),
    "bad_expression.objects": LocalizedMessage(
        "At character {at}: {name} belongs to {object}, and this formula already uses {other}; a formula uses the "
        "fields of one object.",
        "Au caractère {at} : {name} appartient à {object}, et cette formule utilise déjà {other} ; une formule utilise "
        "les champs d'un seul objet.",
    ),
    "bad_expression.formula_length": LocalizedMessage(
        "A formula has at most {limit} characters; make parts of it formulas of their own, before it.",
        "Une formule a au plus {limit} caractères ; faites de ses parties des formules à part, avant elle.",
    ),
    "bad_expression.formula_depth": LocalizedMessage(
        "The formula has more than {limit} levels; make parts of it formulas of their own, before it.",
        "La formule a plus de {limit} niveaux ; faites de ses parties des formules à part, avant elle.",
    ),
    "bad_expression.no_field": LocalizedMessage(
        "The formula is the same for every record; name at least one field.",
        "La formule est la même pour chaque enregistrement ; nommez au moins un champ.",
    ),
    "bad_expression.over_rows": LocalizedMessage(
        "At character {at}: {name} is a function of calculations, which use the rows of the result; a formula is "
        "computed for one record.",
        "Au caractère {at} : {name} est une fonction des calculs, qui utilisent les lignes du résultat ; une formule "
        "est calculée pour un seul enregistrement.",
    ),
    "left_out.formulas": LocalizedMessage(
        "{name} uses a field that is no longer available in this snapshot, so this formula was left out.",
        "{name} utilise un champ qui n'est plus disponible dans cet instantané ; cette formule a été omise.",
    ),
}
