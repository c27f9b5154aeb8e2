"""Texts of `import` and `send`."""

from crosslook.contracts.messages.base import LocalizedMessage

FILE_TEXTS: dict[str, LocalizedMessage] = {
    "help_import": LocalizedMessage(
        "Import a CSV or NDJSON file: each row becomes a record. An import that broke off is simply repeated. The exit "
        "status is 0 when every row was accepted, 3 when some were refused, 1 when the file could not be imported.",
        "Importer un fichier CSV ou NDJSON : chaque ligne devient un enregistrement. Un import interrompu se répète "
        "tel quel. Le statut de sortie est 0 quand toutes les lignes sont acceptées, 3 quand certaines sont refusées, "
        "1 quand le fichier n'a pas pu être importé.",
    ),
    "help_import_file": LocalizedMessage(
        "File to import; .ndjson and .jsonl are NDJSON, everything else is CSV.",
        "Fichier à importer ; .ndjson et .jsonl sont du NDJSON, tout le reste est du CSV.",
    ),
    "help_import_tenant": LocalizedMessage("Tenant of the records.", "Locataire des enregistrements."),
    "help_import_object": LocalizedMessage(
        "Object of the records, such as ticket.", "Objet des enregistrements, par exemple ticket."
    ),
    "help_import_mapping": LocalizedMessage(
        'JSON: by column what it fills; null leaves it out. Example: {{"Number": "_id", "Internal": null}}.',
        'JSON : par colonne ce qu\'elle remplit ; null l\'ignore. Exemple : {{"Number": "_id", "Interne": null}}.',
    ),
    "help_import_mode": LocalizedMessage(
        "upsert: a row is the whole record; patch: fields that are not in the file stay.",
        "upsert : une ligne est l'enregistrement entier ; patch : les champs absents du fichier restent.",
    ),
    "help_import_parameter": LocalizedMessage(
        "Another value applies rows again that were imported before.",
        "Une autre valeur applique de nouveau des lignes déjà importées.",
    ),
    "help_import_dry_run": LocalizedMessage(
        "Only check the file and show the first errors.",
        "Seulement vérifier le fichier et montrer les premières erreurs.",
    ),
    "help_import_decimal": LocalizedMessage(
        "What stands before the decimals in a CSV file: point for 1,234.56, comma for 1.234,56, either for what each "
        "number shows, without those that can be read both ways. Without it only 1234.56 is read.",
        "Ce qui précède les décimales dans un fichier CSV : point pour 1,234.56, comma pour 1.234,56, either pour ce "
        "que montre chaque nombre, sans ceux qui se lisent des deux façons. Sans elle, seul 1234.56 est lu.",
    ),
    "help_import_dates": LocalizedMessage(
        "How a CSV file writes days: iso for 2026-12-31, dmy for 31/12/2026, mdy for 12/31/2026.",
        "Comment un fichier CSV écrit les jours : iso pour 2026-12-31, dmy pour 31/12/2026, mdy pour 12/31/2026.",
    ),
    "help_send": LocalizedMessage(
        "Send CloudEvents from a file, one JSON object a line or one array; events of several tenants may be mixed. "
        "The exit status is 0 when every event was accepted, 3 when some were refused, 1 when the file could not be "
        "sent.",
        "Envoyer les CloudEvents d'un fichier, un objet JSON par ligne ou un tableau ; des événements de plusieurs "
        "locataires peuvent être mélangés. Le statut de sortie est 0 quand tous les événements sont acceptés, 3 quand "
        "certains sont refusés, 1 quand le fichier n'a pas pu être envoyé.",
    ),
    "help_send_file": LocalizedMessage(
        "File with the events; - reads standard input.",
        "Fichier des événements ; - lit l'entrée standard.",
    ),
    "import_done": LocalizedMessage(
        "Import {import}: {rows} {rows:row/rows}, {accepted} accepted, {refused} refused",
        "Import {import} : {rows} {rows:ligne/lignes}, {accepted} {accepted:acceptée/acceptées}, {refused} "
        "{refused:refusée/refusées}",
    ),
    "import_checked": LocalizedMessage(
        "Nothing was imported: of {rows} {rows:row/rows}, {accepted} would be accepted, {refused} refused",
        "Rien n'a été importé : sur {rows} {rows:ligne/lignes}, {accepted} {accepted:serait acceptée/seraient "
        "acceptées}, {refused} {refused:refusée/refusées}",
    ),
    "send_done": LocalizedMessage(
        "{events} {events:event/events}, {accepted} accepted, {refused} refused",
        "{events} {events:événement/événements}, {accepted} {accepted:accepté/acceptés}, {refused} "
        "{refused:refusé/refusés}",
    ),
    "file_errors_more": LocalizedMessage(
        "{more} more {more:is/are} not shown; --json lists the first ones.",
        "{more} de plus non {more:montrée/montrées} ; --json liste les premières.",
    ),
    "file_line": LocalizedMessage("line", "ligne"),
    "file_column": LocalizedMessage("column", "colonne"),
    "file_code": LocalizedMessage("code", "code"),
    "file_message": LocalizedMessage("message", "message"),
    "file_event": LocalizedMessage("event", "événement"),
    "file_place": LocalizedMessage("place", "endroit"),
    "file_unreadable": LocalizedMessage(
        "{path} cannot be read: {reason}",
        "{path} ne peut pas être lu : {reason}",
    ),
    "send_not_json": LocalizedMessage("This is not JSON.", "Ce n'est pas du JSON."),
    "send_no_tenant": LocalizedMessage(
        "The event names no tenant in data.tenant.",
        "L'événement n'indique aucun locataire dans data.tenant.",
    ),
}
