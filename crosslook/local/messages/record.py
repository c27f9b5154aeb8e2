"""What `crosslook record` prints."""

from crosslook.contracts.messages.base import LocalizedMessage

RECORD_LABELS: dict[str, LocalizedMessage] = {
    "record.in_reports": LocalizedMessage(
        "{record} is in the reports (data as of {as_of})",
        "{record} est dans les rapports (données au {as_of})",
    ),
    "record.pending": LocalizedMessage(
        "{record} has arrived and waits for the next refresh",
        "{record} est arrivé et attend le prochain rafraîchissement des données",
    ),
    "record.deleted": LocalizedMessage("{record} is deleted", "{record} est supprimé"),
    "record.nothing": LocalizedMessage("Nothing is known of {record}", "On ne sait rien de {record}"),
    "record.unknown": LocalizedMessage(
        "Nothing is known of {record} except what is listed here",
        "On ne sait rien de {record} en dehors de ce qui est listé ici",
    ),
    "record_field": LocalizedMessage("Field", "Champ"),
    "record_value": LocalizedMessage("Value", "Valeur"),
    "record_relationship": LocalizedMessage("Relationship", "Relation"),
    "record_reference": LocalizedMessage("Reference", "Référence"),
    "record_contact": LocalizedMessage("Contact", "Contact"),
    "record_reason": LocalizedMessage("Reason", "Raison"),
    "record_received": LocalizedMessage("Received", "Reçu"),
    "record_event": LocalizedMessage("Source and id", "Source et id"),
    "record_type": LocalizedMessage("Type", "Type"),
    "record_time": LocalizedMessage("Time", "Heure"),
    "record_outcome": LocalizedMessage("Outcome", "Résultat"),
    "record_expected": LocalizedMessage("{outcome} (will be: {expected})", "{outcome} (deviendra : {expected})"),
    "record_omitted": LocalizedMessage(
        "{count} older {count:event is/events are} not listed",
        "{count} {count:événement plus ancien n'est/événements plus anciens ne sont} pas {count:listé/listés}",
    ),
    "outcome.winner": LocalizedMessage("winner", "retenu"),
    "outcome.applied": LocalizedMessage("applied", "appliqué"),
    "outcome.older": LocalizedMessage("older", "plus ancien"),
    "outcome.repeat": LocalizedMessage("repeat", "répétition"),
    "outcome.too_late": LocalizedMessage("too late", "trop tardif"),
    "outcome.waiting": LocalizedMessage("waiting", "en attente"),
    "outcome.quarantined": LocalizedMessage("quarantined", "en quarantaine"),
}
