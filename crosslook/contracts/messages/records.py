"""Sentences about one record: why an event has its outcome, and why a link did not resolve."""

from crosslook.contracts.messages.base import LocalizedMessage

RECORD_MESSAGES: dict[str, LocalizedMessage] = {
    "event.record_missing": LocalizedMessage(
        "The patch waits for the first upsert of its record. After the horizon it moves to quarantine.",
        "La modification attend le premier enregistrement complet. Passé l'horizon, elle part en quarantaine.",
    ),
    "event.record_deleted": LocalizedMessage(
        "The record is deleted, so the patch changes nothing.",
        "L'enregistrement est supprimé : la modification ne change rien.",
    ),
    "event.earlier_object": LocalizedMessage(
        "The event belongs to an earlier object of that name, which was deleted.",
        "L'événement appartient à un objet antérieur du même nom, qui a été supprimé.",
    ),
    "event.object_deleted": LocalizedMessage(
        "The object is deleted, so its events do not count.",
        "L'objet est supprimé : ses événements ne comptent pas.",
    ),
    "event.object_failed": LocalizedMessage(
        "The last refresh could not rebuild this object ({reason}); the next one tries again.",
        "Le dernier rafraîchissement des données n'a pas pu reconstruire cet objet ({reason}) ; le prochain "
        "réessaiera.",
    ),
    "event.repeated_elsewhere": LocalizedMessage(
        "An event with the same source and id arrived first, about {object}/{record}. Each event needs an id of its "
        "own.",
        "Un événement de même source et de même id est arrivé d'abord, à propos de {object}/{record}. Chaque événement "
        "doit avoir son propre id.",
    ),
    "link.no_contact": LocalizedMessage(
        "No contact in the current snapshot has {form} {value}. The link resolves with the refresh after the contact "
        "arrives.",
        "Aucun contact de l'instantané courant n'a {form} {value}. Le lien sera résolu au rafraîchissement qui suit "
        "l'arrivée du contact.",
    ),
    "link.contact_deleted": LocalizedMessage(
        "The contact {value} is deleted.",
        "Le contact {value} est supprimé.",
    ),
    "link.contact_waiting": LocalizedMessage(
        "Events about the contact {value} wait for the next refresh.",
        "Des événements du contact {value} attendent le prochain rafraîchissement des données.",
    ),
    "link.not_used": LocalizedMessage(
        "The relationship has one contact, and an earlier reference resolved; reports do not use this one.",
        "La relation n'a qu'un contact et une référence précédente est résolue ; les rapports n'utilisent pas "
        "celle-ci.",
    ),
    "link_form.id": LocalizedMessage("the id", "l'identifiant"),
    "link_form.email": LocalizedMessage("the e-mail address", "l'adresse e-mail"),
    "link_form.external": LocalizedMessage("the foreign id", "l'identifiant externe"),
}
