"""Sentences about messages of vendors: why one cannot be mapped and waits in quarantine."""

from crosslook.contracts.messages.base import LocalizedMessage

INTEGRATION_MESSAGES: dict[str, LocalizedMessage] = {
    "unknown_vendor_event": LocalizedMessage(
        "This release does not know the event type {event}; the message waits until a release does, then replay it.",
        "Cette version ne connaît pas le type d'événement {event} ; le message attend une version qui le connaît, "
        "puis rejouez-le.",
    ),
    "vendor_member_missing": LocalizedMessage(
        "The vendor's message has no {name}, without which it cannot be mapped.",
        "Le message du fournisseur n'a pas de {name}, sans quoi il ne peut pas être interprété.",
    ),
    "vendor_shape": LocalizedMessage(
        "This is not a message that the integration {integration} reads; it expects {shape}.",
        "Ce n'est pas un message que l'intégration {integration} lit ; elle attend {shape}.",
    ),
    "wrong_type.uri": LocalizedMessage(
        "A URI that ends with an id is expected here.",
        "Un URI qui se termine par un identifiant est attendu ici.",
    ),
}
