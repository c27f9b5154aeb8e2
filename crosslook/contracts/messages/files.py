"""Texts that a file shows about itself, besides its rows."""

from crosslook.contracts.messages.base import LocalizedMessage

FILE_MESSAGES: dict[str, LocalizedMessage] = {
    "sheet": LocalizedMessage("About this report", "À propos de ce rapport"),
    "object": LocalizedMessage("Object", "Objet"),
    "snapshot": LocalizedMessage("Snapshot", "Instantané"),
    "as_of": LocalizedMessage("Data as of", "Données au"),
    "zone": LocalizedMessage("Time zone", "Fuseau horaire"),
    "previous": LocalizedMessage("Compared with snapshot", "Comparé à l'instantané"),
    "previous_as_of": LocalizedMessage("Data of that snapshot as of", "Données de cet instantané au"),
    "truncated": LocalizedMessage(
        "More rows exist than this file contains",
        "Il existe plus de lignes que n'en contient ce fichier",
    ),
    "kept": LocalizedMessage("Records with a contact", "Enregistrements avec un contact"),
    "dropped": LocalizedMessage("Records without a contact, left out", "Enregistrements sans contact, exclus"),
    "warning": LocalizedMessage("Warning", "Avertissement"),
    "shortened": LocalizedMessage(
        "An Excel cell contains at most 32,767 characters. Texts that are shortened and end in {mark}: {count}. CSV, "
        "Parquet and Arrow contain the whole texts.",
        "Une cellule Excel contient au plus 32 767 caractères. Textes raccourcis, qui se terminent par {mark} : "
        "{count}. CSV, Parquet et Arrow contiennent les textes entiers.",
    ),
    "yes": LocalizedMessage("Yes", "Oui"),
    "no": LocalizedMessage("No", "Non"),
}
"""By what each names. None of them is an answer's code."""
