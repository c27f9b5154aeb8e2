"""Texts of the demonstration."""

from crosslook.contracts.messages.base import LocalizedMessage

DEMO: dict[str, LocalizedMessage] = {
    "demo_load": LocalizedMessage("Sending events", "Envoi des événements"),
    "demo_title": LocalizedMessage(
        "{tenant}: tickets by country of their requester",
        "{tenant} : tickets par pays de leur demandeur",
    ),
    "demo_deliver": LocalizedMessage("Messages of Zendesk and Calendly", "Messages de Zendesk et de Calendly"),
    "demo_title_zendesk": LocalizedMessage(
        "{tenant}: Zendesk tickets by country, with replies and reopens",
        "{tenant} : tickets Zendesk par pays, avec réponses et réouvertures",
    ),
    "demo_title_calendly": LocalizedMessage(
        "{tenant}: Calendly bookings by country, with those that were moved",
        "{tenant} : réservations Calendly par pays, avec celles qui ont été déplacées",
    ),
    "demo_sent": LocalizedMessage(
        "{sent} events sent; of those spoiled on purpose, {refused} were refused at once and {quarantined} wait in "
        "quarantine · {messages} messages of vendors, repeated and out of order · snapshot {snapshot}",
        "{sent} événements envoyés ; parmi ceux gâtés à dessein, {refused} ont été refusés d'emblée et {quarantined} "
        "attendent en quarantaine · {messages} messages de prestataires, répétés et en désordre · instantané "
        "{snapshot}",
    ),
    "demo_right": LocalizedMessage(
        "Every number matches the generated data",
        "Tous les nombres correspondent aux données générées",
    ),
    "demo_page": LocalizedMessage(
        "The page: {page} · for a sign-in link to it: crosslook open --data {folder}",
        "La page : {page} · pour un lien de connexion : crosslook open --data {folder}",
    ),
    "demo_ask": LocalizedMessage("Try your own reports: {page}/docs", "Essayez vos propres rapports : {page}/docs"),
    "demo_urls": LocalizedMessage(
        "Objects and events: {schemas}/docs · snapshots, ingest, quarantine: {snapshots}/docs",
        "Objets et événements : {schemas}/docs · instantanés, ingestion, quarantaine : {snapshots}/docs",
    ),
    "demo_stays": LocalizedMessage(
        "The stack keeps running; press Ctrl-C to stop it.",
        "La pile continue de tourner ; Ctrl-C l'arrête.",
    ),
    "demo_refusal": LocalizedMessage(
        "{count} events: expected {expected}, refused with {found}",
        "{count} événements : attendu {expected}, refusés avec {found}",
    ),
    "demo_quarantine": LocalizedMessage(
        "quarantine: {count} events are {found}, expected {expected}",
        "quarantaine : {count} événements sont {found}, attendu {expected}",
    ),
    "demo_missing": LocalizedMessage("{tenant}: {place} is missing", "{tenant} : {place} manque"),
    "demo_differs": LocalizedMessage(
        "{tenant}: {place} is {found}, expected {expected}",
        "{tenant} : {place} est {found}, attendu {expected}",
    ),
}
