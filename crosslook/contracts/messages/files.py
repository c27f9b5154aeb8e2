"""What a file says of itself, beside its rows."""

from crosslook.contracts.messages.base import Message

FILES: dict[str, Message] = {
    "sheet": Message("About this report", "À propos de ce rapport"),
    "object": Message("Object", "Objet"),
    "snapshot": Message("Snapshot", "Instantané"),
    "as_of": Message("Data as of", "Données au"),
    "zone": Message("Time zone", "Fuseau horaire"),
    "previous": Message("Compared with snapshot", "Comparé à l'instantané"),
    "previous_as_of": Message("Whose data are as of", "Dont les données sont au"),
    "truncated": Message(
        "More rows exist than this file holds", "Il existe plus de lignes que n'en contient ce fichier"
    ),
    "kept": Message("Records with a contact", "Enregistrements avec un contact"),
    "dropped": Message("Records without a contact, left out", "Enregistrements sans contact, exclus"),
    "warning": Message("Warning", "Avertissement"),
    "shortened": Message(
        "Excel holds at most 32,767 characters in a cell. Texts that are shortened and end in {mark}: {count}. CSV, "
        "Parquet and Arrow hold them whole.",
        "Excel contient au plus 32 767 caractères par cellule. Textes raccourcis, qui se terminent par {mark} : "
        "{count}. CSV, Parquet et Arrow les contiennent en entier.",
    ),
    "yes": Message("Yes", "Oui"),
    "no": Message("No", "Non"),
}
"""By what each names. None of them is an answer's code."""
