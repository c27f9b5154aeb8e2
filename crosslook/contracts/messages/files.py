"""What a file says of itself, beside its rows."""

from crosslook.contracts.messages.base import LocalizedMessage

FILES: dict[str, LocalizedMessage] = {
    "sheet": LocalizedMessage("About this report", "À propos de ce rapport"),
    "object": LocalizedMessage("Object", "Objet"),
    "snapshot": LocalizedMessage("Snapshot", "Instantané"),
    "as_of": LocalizedMessage("Data as of", "Données au"),
    "zone": LocalizedMessage("Time zone", "Fuseau horaire"),
    "previous": LocalizedMessage("Compared with snapshot", "Comparé à l'instantané"),
    "previous_as_of": LocalizedMessage("Whose data are as of", "Dont les données sont au"),
    "truncated": LocalizedMessage(
        "More rows exist than this file holds", "Il existe plus de lignes que n'en contient ce fichier"
    ),
    "kept": LocalizedMessage("Records with a contact", "Enregistrements avec un contact"),
    "dropped": LocalizedMessage("Records without a contact, left out", "Enregistrements sans contact, exclus"),
    "warning": LocalizedMessage("Warning", "Avertissement"),
    "shortened": LocalizedMessage(
        "Excel holds at most 32,767 characters in a cell. Texts that are shortened and end in {mark}: {count}. CSV, "
        "Parquet and Arrow hold them whole.",
        "Excel contient au plus 32 767 caractères par cellule. Textes raccourcis, qui se terminent par {mark} : "
        "{count}. CSV, Parquet et Arrow les contiennent en entier.",
    ),
    "yes": LocalizedMessage("Yes", "Oui"),
    "no": LocalizedMessage("No", "Non"),
}
"""By what each names. None of them is an answer's code."""
