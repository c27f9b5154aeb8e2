"""Sentences of imports: about files, their columns and rows, and about undoing."""

from crosslook.contracts.messages.base import LocalizedMessage

IMPORT_MESSAGES: dict[str, LocalizedMessage] = {
    "missing_id": LocalizedMessage(
        "The row names no record: its _id is empty.",
        "La ligne ne désigne aucun enregistrement : son _id est vide.",
    ),
    "missing_id.column": LocalizedMessage(
        "No column is the record's id. Name one _id, or map one to it.",
        "Aucune colonne n'est l'identifiant de l'enregistrement. Nommez-en une _id, ou associez-en une à _id.",
    ),
    "missing_header": LocalizedMessage(
        "The file is empty; its first row must name the columns.",
        "Le fichier est vide ; sa première ligne doit nommer les colonnes.",
    ),
    "duplicate_column": LocalizedMessage(
        "The column {name} occurs twice.",
        "La colonne {name} figure deux fois.",
    ),
    "duplicate_column.target": LocalizedMessage(
        "The columns {other} and {name} both fill {target}; map one of them to null.",
        "Les colonnes {other} et {name} remplissent toutes deux {target} ; associez l'une d'elles à null.",
    ),
    "unknown_column": LocalizedMessage(
        "{name} is not a column of {object}; map it to a field, or to null to leave it out.",
        "{name} n'est pas une colonne de {object} ; associez-la à un champ, ou à null pour l'ignorer.",
    ),
    "unknown_column.mapped": LocalizedMessage(
        "The mapping names the column {name}, which the file does not have.",
        "L'association nomme la colonne {name}, que le fichier n'a pas.",
    ),
    "wrong_number_of_cells": LocalizedMessage(
        "The row has {count} {count:cell/cells}; the header has {expected}.",
        "La ligne a {count} {count:cellule/cellules} ; l'en-tête en a {expected}.",
    ),
    "bad_quotes": LocalizedMessage(
        "Text follows the closing quote of a cell. Write a quote inside a cell as two quotes.",
        "Du texte suit le guillemet fermant d'une cellule. Doublez les guillemets à l'intérieur d'une cellule.",
    ),
    "bad_quotes.open": LocalizedMessage(
        "A quote that opens a cell of this row is never closed; the rest of the file belongs to that cell.",
        "Un guillemet qui ouvre une cellule de cette ligne n'est jamais fermé ; la suite du fichier appartient à cette "
        "cellule.",
    ),
    "not_utf8": LocalizedMessage(
        "The line is not UTF-8: byte {position} cannot be read. Save the file as UTF-8.",
        "La ligne n'est pas en UTF-8 : octet {position} illisible. Enregistrez le fichier en UTF-8.",
    ),
    "not_utf8.workbook": LocalizedMessage(
        "The file is a workbook, not CSV. Open it in Excel and save the sheet as CSV UTF-8.",
        "Le fichier est un classeur, pas du CSV. Ouvrez-le dans Excel et enregistrez la feuille au format CSV UTF-8.",
    ),
    "not_utf8.utf16": LocalizedMessage(
        "The file is not UTF-8 but looks like UTF-16. Save it as UTF-8, in Excel as CSV UTF-8.",
        "Le fichier n'est pas en UTF-8 mais semble être en UTF-16. Enregistrez-le en UTF-8, dans Excel au format CSV "
        "UTF-8.",
    ),
    "not_json.mapping": LocalizedMessage(
        "The mapping is not JSON: line {line}, column {column} cannot be read. Send an object with the columns' "
        'headers and what they fill, such as {{"E-mail": "requester.email"}}.',
        "L'association n'est pas du JSON : ligne {line}, colonne {column} illisible. Envoyez un objet avec les "
        'en-têtes des colonnes et ce qu\'elles remplissent, comme {{"E-mail": "requester.email"}}.',
    ),
    "not_json.mapping_empty": LocalizedMessage(
        "The mapping is empty. Send a JSON object with the columns' headers and what they fill, or leave it out.",
        "L'association est vide. Envoyez un objet JSON avec les en-têtes des colonnes et ce qu'elles remplissent, ou "
        "omettez-la.",
    ),
    "not_json.line": LocalizedMessage(
        "The line is not a JSON object: column {column} cannot be read.",
        "La ligne n'est pas un objet JSON : colonne {column} illisible.",
    ),
    "too_large.row": LocalizedMessage(
        "The row is larger than {limit} bytes.",
        "La ligne dépasse {limit} octets.",
    ),
    "malformed_form": LocalizedMessage(
        "The form cannot be read. Send multipart/form-data with the part mapping first, then the file.",
        "Le formulaire est illisible. Envoyez du multipart/form-data avec la partie mapping d'abord, puis le fichier.",
    ),
    "malformed_form.mapping": LocalizedMessage(
        "The part mapping is too large.",
        "La partie mapping est trop grande.",
    ),
    "malformed_form.file": LocalizedMessage(
        "The form ends without a file; send the file as the part after mapping.",
        "Le formulaire se termine sans fichier ; envoyez le fichier dans la partie après mapping.",
    ),
    "unknown_import": LocalizedMessage(
        "There is no import {import}.",
        "Il n'existe pas d'import {import}.",
    ),
    "import_running": LocalizedMessage(
        "The import {import} is still running; try again when it has ended.",
        "L'import {import} est encore en cours ; réessayez quand il sera terminé.",
    ),
    "import_too_old": LocalizedMessage(
        "The import is too old to be undone: what existed before it is not known any more.",
        "L'import est trop ancien pour être annulé : on ne sait plus ce qui existait avant lui.",
    ),
    "import_kept.changed": LocalizedMessage(
        "{count} {count:record was/records were} changed after the import and stay as they are.",
        "{count} {count:enregistrement a été modifié/enregistrements ont été modifiés} après l'import et "
        "{count:reste/restent} en l'état.",
    ),
    "import_kept.existed": LocalizedMessage(
        "{count} {count:record/records} existed before the import and {count:keeps/keep} the imported values.",
        "{count} {count:enregistrement existait/enregistrements existaient} avant l'import et {count:garde/gardent} "
        "les valeurs importées.",
    ),
    "rate_limited.imports": LocalizedMessage(
        "At most {limit} imports of a tenant run or wait at the same time, and {usage} do; try again in {seconds} "
        "seconds.",
        "Au plus {limit} imports d'un locataire tournent ou attendent en même temps, et il y en a {usage} ; réessayez "
        "dans {seconds} secondes.",
    ),
}
