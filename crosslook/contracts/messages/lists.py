"""Sentences about lists of records."""

from crosslook.contracts.messages.base import LocalizedMessage

LISTS: dict[str, LocalizedMessage] = {
    "list_conflict": LocalizedMessage(
        "A list shows records one by one; leave out {name}, which is for reports that group rows.",
        "Une liste montre les enregistrements un à un ; omettez {name}, réservé aux rapports qui regroupent des "
        "lignes.",
    ),
    "wrong_type.list": LocalizedMessage(
        'list is an array of fields: ["ticket._id", "ticket.subject"].',
        'list est un tableau de champs : ["ticket._id", "ticket.subject"].',
    ),
    "wrong_type.listed": LocalizedMessage(
        'A list names each field as a text, such as "ticket.subject"; it has no granularities.',
        'Une liste nomme chaque champ par un texte, par exemple "ticket.subject" ; elle n\'a pas de granularité.',
    ),
    "unknown_field.not_listed": LocalizedMessage(
        "A list is sorted by the fields that it shows, and {name} is not one of them; add it to list.",
        "Une liste est triée selon les champs qu'elle montre, et {name} n'en fait pas partie ; ajoutez-le à list.",
    ),
    "bad_value.after": LocalizedMessage(
        "This is not a token of a list; send the value of next as it was answered.",
        "Ce n'est pas un jeton de liste ; envoyez la valeur de next telle qu'elle a été reçue.",
    ),
    "bad_value.after_other": LocalizedMessage(
        "This token belongs to another list. Repeat the request that it was answered to, with only limit and after "
        "changed.",
        "Ce jeton appartient à une autre liste. Répétez la requête à laquelle il répondait, en ne changeant que limit "
        "et after.",
    ),
    "bad_value.after_without_list": LocalizedMessage(
        "after gets the next page of a list; this report has no list.",
        "after demande la page suivante d'une liste ; ce rapport n'a pas de list.",
    ),
    "bad_value.after_saved": LocalizedMessage(
        "A saved report begins at its first row; leave out after, whose snapshot will expire.",
        "Un rapport enregistré commence à sa première ligne ; omettez after, dont l'instantané expirera.",
    ),
    "left_out.list": LocalizedMessage(
        "{name} is no longer available in this snapshot, so it was left out of the list.",
        "{name} n'est plus disponible dans cet instantané ; ce champ a été omis de la liste.",
    ),
}
