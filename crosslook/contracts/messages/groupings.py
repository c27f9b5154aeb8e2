"""Sentences about bins and groups."""

from crosslook.contracts.messages.base import LocalizedMessage

GROUPING_MESSAGES: dict[str, LocalizedMessage] = {
    "bad_value.grouped_twice": LocalizedMessage(
        "A dimension has only one of {known}; use a second dimension for another one.",
        "Une dimension n'a qu'un seul élément parmi {known} ; utilisez une deuxième dimension pour un autre.",
    ),
    "bad_value.without_grouping": LocalizedMessage(
        "{name} belongs to a dimension with bins or groups; add them or leave {name} out.",
        "{name} va avec une dimension à tranches ou à groupes ; ajoutez-les ou retirez {name}.",
    ),
    "bad_value.grouped_condition": LocalizedMessage(
        "{field} is a column or has bins or groups already; a condition groups the values of a field or formula.",
        "{field} est une colonne ou a déjà des tranches ou des groupes ; une condition regroupe les valeurs d'un champ "
        "ou d'une formule.",
    ),
    "bad_value.edges_most": LocalizedMessage(
        "There are more than {limit} edges; use a width, or fewer edges.",
        "Il y a plus de {limit} bornes ; utilisez width ou moins de bornes.",
    ),
    "bad_value.no_edges": LocalizedMessage(
        "Bins need at least one edge.",
        "Les tranches ont besoin d'au moins une borne.",
    ),
    "bad_value.edges": LocalizedMessage(
        "This edge is not above the one before; list each edge once, in ascending order.",
        "Cette borne n'est pas supérieure à la précédente ; indiquez chaque borne une fois, par ordre croissant.",
    ),
    "bad_value.bins_type": LocalizedMessage(
        "{field} is of the type {type}; only numbers, amounts, dates and times with one value for a record have bins.",
        "{field} est du type {type} ; seuls les nombres, montants, dates et heures à une seule valeur par "
        "enregistrement ont des tranches.",
    ),
    "bad_value.width_type": LocalizedMessage(
        "{field} is of the type {type}; only numbers and amounts have bins of one width.",
        "{field} est du type {type} ; seuls les nombres et les montants ont des tranches d'une même largeur.",
    ),
    "bad_value.width": LocalizedMessage(
        "A width is above zero and has at most {digits} digits, {places} of them after the point.",
        "Une largeur est supérieure à zéro et compte au plus {digits} chiffres, dont {places} après la virgule.",
    ),
    "bad_value.groups_type": LocalizedMessage(
        "{field} is of the type {type}; only texts, options, whole numbers and true or false have groups. Use bins.",
        "{field} est du type {type} ; seuls les textes, options, nombres entiers et vrai ou faux ont des groupes. "
        "Utilisez bins.",
    ),
    "bad_value.groups_most": LocalizedMessage(
        "There are more than {limit} groups; use fewer.",
        "Il y a plus de {limit} groupes ; utilisez-en moins.",
    ),
    "bad_value.no_groups": LocalizedMessage(
        "Add at least one group with a name and values.",
        "Ajoutez au moins un groupe avec un nom et des valeurs.",
    ),
    "bad_value.group_name": LocalizedMessage(
        "A group needs a name with visible characters.",
        "Un groupe a besoin d'un nom avec des caractères visibles.",
    ),
    "bad_value.group_repeated": LocalizedMessage(
        "There are two groups with the name {name}; put their values together.",
        "Deux groupes s'appellent {name} ; réunissez leurs valeurs.",
    ),
    "bad_value.others_named": LocalizedMessage(
        "{name} is the name of a group, so its values and all others would be one; give others another name.",
        "{name} est le nom d'un groupe : ses valeurs et toutes les autres n'en feraient qu'un ; donnez un autre nom à "
        "others.",
    ),
    "unknown_option.key": LocalizedMessage(
        "{value} is not a key of the bins or groups of {field}: no row has it.",
        "{value} n'est pas une clé des tranches ou des groupes de {field} : aucune ligne ne l'a.",
    ),
    "bad_value.in_two_groups": LocalizedMessage(
        "{value} is already in the group {group}; a value is in one group, once.",
        "{value} est déjà dans le groupe {group} ; une valeur est dans un seul groupe, une fois.",
    ),
    "wrong_type.group": LocalizedMessage(
        "A group is an object with a name and values.",
        "Un groupe est un objet avec un nom et des valeurs.",
    ),
}
