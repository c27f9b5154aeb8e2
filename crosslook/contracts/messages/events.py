"""Sentences of admission: why a record event is refused or quarantined (codes of CONTRACTS 3)."""

from crosslook.contracts.messages.base import LocalizedMessage

EVENT_MESSAGES: dict[str, LocalizedMessage] = {
    "not_json.event": LocalizedMessage(
        "The event is not JSON: {reason}.",
        "L'événement n'est pas du JSON : {reason}.",
    ),
    "not_cloudevent": LocalizedMessage(
        "This is not a CloudEvent 1.0 that Crosslook accepts; {name} is missing or wrong.",
        "Ce n'est pas un CloudEvent 1.0 accepté par Crosslook ; {name} manque ou est incorrect.",
    ),
    "not_cloudevent.type": LocalizedMessage(
        "Events of type {name} are not accepted; send crosslook.record.upserted.v1, crosslook.record.patched.v1 or "
        "crosslook.record.deleted.v1.",
        "Les événements de type {name} ne sont pas acceptés ; envoyez crosslook.record.upserted.v1, "
        "crosslook.record.patched.v1 ou crosslook.record.deleted.v1.",
    ),
    "wrong_tenant": LocalizedMessage(
        "The event names the tenant {tenant}, but it was sent for {expected}.",
        "L'événement indique le locataire {tenant}, mais il a été envoyé pour {expected}.",
    ),
    "unknown_object": LocalizedMessage(
        "The object {object} does not exist; create its schema first.",
        "L'objet {object} n'existe pas ; créez d'abord son schéma.",
    ),
    "unknown_field": LocalizedMessage(
        "{name} is not in the schema of {object}.",
        "{name} n'est pas dans le schéma de {object}.",
    ),
    "unknown_field.merged_into": LocalizedMessage(
        "Only a deleted event has merged_into: send the deletion of the contact that no longer exists.",
        "Seul un événement de suppression a merged_into : envoyez la suppression du contact qui n'existe plus.",
    ),
    "unknown_field.merged_object": LocalizedMessage(
        "Only contacts can be merged: an event of {object} has no merged_into.",
        "Seuls les contacts peuvent être fusionnés : un événement de {object} n'a pas de merged_into.",
    ),
    "required_missing": LocalizedMessage(
        "{name} is required.",
        "{name} est obligatoire.",
    ),
    "sender_diverted": LocalizedMessage(
        "Too many events of this sender were refused, so all its events wait in quarantine. Fix the sender, resume it "
        "(POST /v1/ingest/resume), then replay the events.",
        "Trop d'événements de cet émetteur ont été refusés ; tous ses événements attendent donc en quarantaine. "
        "Corrigez l'émetteur, réadmettez-le (POST /v1/ingest/resume), puis rejouez les événements.",
    ),
    "orphan_patch": LocalizedMessage(
        "No event has created record {record} within {days} days of this patch; send the whole record, then replay it.",
        "Aucun événement n'a créé l'enregistrement {record} dans les {days} jours suivant cette modification ; "
        "envoyez l'enregistrement entier, puis rejouez-la.",
    ),
    "unknown_refusal": LocalizedMessage(
        "Another release refused the event with the code {code}, which this release cannot explain.",
        "Une autre version a refusé l'événement avec le code {code}, que cette version ne sait pas expliquer.",
    ),
    "from_the_future": LocalizedMessage(
        "The event's time is more than 5 minutes ahead; check the sender's clock.",
        "L'heure de l'événement est en avance de plus de 5 minutes ; vérifiez l'horloge de l'émetteur.",
    ),
    "too_large": LocalizedMessage(
        "The event is larger than {limit} bytes.",
        "L'événement dépasse {limit} octets.",
    ),
    "too_large.batch": LocalizedMessage(
        "A batch contains at most {limit} events; split it.",
        "Un lot contient au plus {limit} événements ; divisez-le.",
    ),
    "too_large.unpacked": LocalizedMessage(
        "The compressed batch with offsets {first} to {last} is larger than {limit} bytes when decompressed; send "
        "smaller batches.",
        "Le lot compressé aux positions {first} à {last} dépasse {limit} octets une fois décompressé ; envoyez des "
        "lots plus petits.",
    ),
    "too_large.records": LocalizedMessage(
        "The batch with offsets {first} to {last} contains more than {limit} messages; send smaller batches.",
        "Le lot aux positions {first} à {last} contient plus de {limit} messages ; envoyez des lots plus petits.",
    ),
    "unreadable": LocalizedMessage(
        "The Kafka message cannot be read.",
        "Le message Kafka est illisible.",
    ),
    "unreadable.header_name": LocalizedMessage(
        "The name of a Kafka header is not UTF-8; correct the producer.",
        "Le nom d'un en-tête Kafka n'est pas en UTF-8 ; corrigez le producteur.",
    ),
    "unreadable.headers": LocalizedMessage(
        "The Kafka message has more than {limit} headers; correct the producer.",
        "Le message Kafka a plus de {limit} en-têtes ; corrigez le producteur.",
    ),
    "unreadable.offset": LocalizedMessage(
        "The offset of the Kafka message does not match its position in the batch; correct the producer.",
        "L'offset du message Kafka ne correspond pas à sa position dans le lot ; corrigez le producteur.",
    ),
    "unreadable.structure": LocalizedMessage(
        "The bytes at offsets {first} to {last} are not Kafka messages; correct the producer.",
        "Les octets aux positions {first} à {last} ne sont pas des messages Kafka ; corrigez le producteur.",
    ),
    "unreadable.checksum": LocalizedMessage(
        "The batch with offsets {first} to {last} does not match its checksum: it was damaged on the broker or in "
        "transit.",
        "Le lot aux positions {first} à {last} ne correspond pas à sa somme de contrôle : il a été endommagé sur le "
        "serveur Kafka ou pendant le transfert.",
    ),
    "unreadable.compression": LocalizedMessage(
        "The batch with offsets {first} to {last} cannot be decompressed: its codec is unknown, or its data are "
        "damaged.",
        "Le lot aux positions {first} à {last} ne peut pas être décompressé : son codec est inconnu, ou ses données "
        "sont endommagées.",
    ),
    "unreadable.format": LocalizedMessage(
        "The batch with offsets {first} to {last} has a format older than Kafka 0.11; use a newer client.",
        "Le lot aux positions {first} à {last} a un format antérieur à Kafka 0.11 ; utilisez un client plus récent.",
    ),
    "wrong_type": LocalizedMessage("{expected} is expected here.", "{expected} est attendu ici."),
    "wrong_type.text": LocalizedMessage("Text is expected here.", "Du texte est attendu ici."),
    "wrong_type.number": LocalizedMessage(
        "A number is expected here, written as 1234.56: no spaces, and a point before the decimals.",
        "Un nombre est attendu ici, écrit 1234.56 : sans espace, avec un point avant les décimales.",
    ),
    "wrong_type.number_comma": LocalizedMessage(
        "A number with a decimal comma is expected here, such as 1234,56 or 1 234,56.",
        "Un nombre à virgule est attendu ici, comme 1234,56 ou 1 234,56.",
    ),
    "wrong_type.number_either": LocalizedMessage(
        "This number can be read in two ways, with decimals or with thousands: say whether a point or a comma stands "
        "before the decimals in the file.",
        "Ce nombre peut se lire de deux façons, avec des décimales ou avec des milliers : dites si un point ou une "
        "virgule précède les décimales dans le fichier.",
    ),
    "wrong_type.date_dmy": LocalizedMessage(
        "A date is expected here, with the day first: 31/12/2026.",
        "Une date est attendue ici, le jour d'abord : 31/12/2026.",
    ),
    "wrong_type.date_mdy": LocalizedMessage(
        "A date is expected here, with the month first: 12/31/2026.",
        "Une date est attendue ici, le mois d'abord : 12/31/2026.",
    ),
    "wrong_type.integer": LocalizedMessage("A whole number is expected here.", "Un nombre entier est attendu ici."),
    "wrong_type.date": LocalizedMessage(
        "A date is expected here, as YYYY-MM-DD.",
        "Une date est attendue ici, sous la forme AAAA-MM-JJ.",
    ),
    "wrong_type.datetime": LocalizedMessage(
        "An instant is expected here, as RFC 3339 with an offset: 2026-11-20T10:00:00Z.",
        "Un instant est attendu ici, selon RFC 3339 avec un décalage : 2026-11-20T10:00:00Z.",
    ),
    "wrong_type.boolean": LocalizedMessage("true or false is expected here.", "true ou false est attendu ici."),
    "wrong_type.option": LocalizedMessage(
        "The value of one option is expected here, as text.",
        "La valeur d'une option est attendue ici, sous forme de texte.",
    ),
    "wrong_type.options": LocalizedMessage(
        "A list of option values without repeats is expected here.",
        "Une liste de valeurs d'options sans répétition est attendue ici.",
    ),
    "wrong_type.object": LocalizedMessage("A JSON object is expected here.", "Un objet JSON est attendu ici."),
    "wrong_type.half_pair": LocalizedMessage(
        "This text contains half of a surrogate pair, which is not a character; send the whole pair or leave it out.",
        "Ce texte contient la moitié d'une paire de substitution, qui n'est pas un caractère ; envoyez la paire "
        "entière ou retirez-la.",
    ),
    "wrong_type.half_pair_name": LocalizedMessage(
        "This name contains half of a surrogate pair, which is not a character; correct the name.",
        "Ce nom contient la moitié d'une paire de substitution, qui n'est pas un caractère ; corrigez le nom.",
    ),
    "out_of_range.double": LocalizedMessage(
        "This number is beyond ±1.8e308, the largest that is accepted; send a smaller one.",
        "Ce nombre dépasse ±1.8e308, le plus grand accepté ; envoyez-en un plus petit.",
    ),
    "wrong_type.odd": LocalizedMessage(
        "After the first {limit} values there is a number beyond ±1.8e308, half of a surrogate pair, or a member named "
        "twice; send less at a time to find its place.",
        "Après les {limit} premières valeurs se trouve un nombre au-delà de ±1.8e308, la moitié d'une paire de "
        "substitution ou un membre nommé deux fois ; envoyez moins à la fois pour connaître l'endroit.",
    ),
    "wrong_type.array": LocalizedMessage("A JSON array is expected here.", "Un tableau JSON est attendu ici."),
    "wrong_type.reference": LocalizedMessage(
        'A contact is named by one of {{"id"}}, {{"email"}} or {{"external"}}, each with a text.',
        'Un contact est désigné par {{"id"}}, {{"email"}} ou {{"external"}}, chacun avec du texte.',
    ),
    "wrong_type.merged_into": LocalizedMessage(
        "The record id of the contact into which this one was merged is expected here, as text.",
        "L'identifiant du contact dans lequel celui-ci a été fusionné est attendu ici, sous forme de texte.",
    ),
    "out_of_range.merged_into": LocalizedMessage(
        "The contact {record} cannot be merged into itself; name the contact that remains.",
        "Le contact {record} ne peut pas être fusionné avec lui-même ; indiquez le contact qui subsiste.",
    ),
    "out_of_range": LocalizedMessage(
        "The value is outside the range of this field: {limit}.",
        "La valeur est hors des limites de ce champ : {limit}.",
    ),
    "out_of_range.currency": LocalizedMessage(
        "An amount has at most 15 digits before the decimal point and 4 after it.",
        "Un montant a au plus 15 chiffres avant la virgule et 4 après.",
    ),
    "out_of_range.calendar": LocalizedMessage(
        "There is no such date or time; check the day, the month, the clock and the offset.",
        "Cette date ou cette heure n'existe pas ; vérifiez le jour, le mois, l'heure et le décalage.",
    ),
    "out_of_range.digits": LocalizedMessage(
        "The number has more than {limit} digits.",
        "Le nombre a plus de {limit} chiffres.",
    ),
    "too_long.list": LocalizedMessage(
        "The list contains more than {limit} items.",
        "La liste contient plus de {limit} éléments.",
    ),
    "too_long": LocalizedMessage(
        "The text is longer than {limit} characters.",
        "Le texte dépasse {limit} caractères.",
    ),
    "unknown_option": LocalizedMessage(
        "{value} is not an option of this field.",
        "{value} n'est pas une option de ce champ.",
    ),
}
