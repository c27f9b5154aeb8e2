"""Sentences about the options of `generic`, and about messages that they do not fit."""

from crosslook.contracts.messages.base import LocalizedMessage

GENERIC_MESSAGES: dict[str, LocalizedMessage] = {
    "not_json.webhook": LocalizedMessage(
        "The message is not JSON: {reason}. Choose JSON as content type where the vendor lets you.",
        "Le message n'est pas du JSON : {reason}. Choisissez JSON comme type de contenu si le fournisseur le permet.",
    ),
    "wrong_type.webhook_value": LocalizedMessage(
        "A text, a number, true, false or a list of these is expected at {place}. Point to a member of the object, or "
        "use each for a list of objects.",
        "Un texte, un nombre, true, false ou une liste de ces valeurs est attendu à {place}. Pointez vers un membre "
        "de l'objet, ou utilisez each pour une liste d'objets.",
    ),
    "wrong_type.webhook_sequence": LocalizedMessage(
        "A whole number below 9,000,000,000,000 is expected at {place}.",
        "Un nombre entier inférieur à 9 000 000 000 000 est attendu à {place}.",
    ),
    "required_missing.order": LocalizedMessage(
        "With state parts, the option time or sequence is required: without it nothing says which part is newer.",
        "Avec state parts, l'option time ou sequence est obligatoire : sans elle, rien n'indique la partie la plus "
        "récente.",
    ),
    "wrong_place": LocalizedMessage(
        "Exactly one of pointer, header and constant is expected here.",
        "Exactement l'un de pointer, header et constant est attendu ici.",
    ),
    "not_a_pointer": LocalizedMessage(
        "{text} is not a JSON Pointer: it is empty or begins with /, and ~ is written ~0.",
        "{text} n'est pas un pointeur JSON : il est vide ou commence par /, et ~ s'écrit ~0.",
    ),
    "not_a_header": LocalizedMessage(
        "{name} is not the name of an HTTP header.",
        "{name} n'est pas le nom d'un en-tête HTTP.",
    ),
    "secret_header": LocalizedMessage(
        "The header {name} proves who sends; it is not stored with messages, so it cannot be read here.",
        "L'en-tête {name} prouve l'identité de l'émetteur ; il n'est pas stocké avec les messages et ne peut pas être "
        "lu ici.",
    ),
    "unknown_placeholder": LocalizedMessage(
        "{name} is not a placeholder; these are, in braces: body, timestamp, and header: with a name.",
        "{name} est inconnu ici ; entre accolades sont possibles : body, timestamp, et header: avec un nom.",
    ),
    "unsigned_timestamp": LocalizedMessage(
        "The option timestamp and the placeholder timestamp in signed go together: an unsigned time proves nothing.",
        "L'option timestamp et le repère timestamp de signed vont ensemble : une heure non signée ne prouve rien.",
    ),
}
