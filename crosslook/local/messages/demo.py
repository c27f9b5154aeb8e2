"""What the demonstration says."""

from crosslook.contracts.messages.base import Message

DEMO: dict[str, Message] = {
    "demo_load": Message("Events through the intake", "Événements par l'entrée"),
    "demo_title": Message(
        "{tenant}: tickets by country of their requester",
        "{tenant} : tickets par pays de leur demandeur",
    ),
    "demo_sent": Message(
        "{sent} events sent · {refused} refused at once · {quarantined} in quarantine · snapshot {snapshot}",
        "{sent} événements envoyés · {refused} refusés d'emblée · {quarantined} en quarantaine · instantané {snapshot}",
    ),
    "demo_right": Message(
        "Every number agrees with the generated data",
        "Tous les nombres concordent avec les données générées",
    ),
    "demo_ask": Message("How to ask your own: {page}/docs", "Pour poser vos questions : {page}/docs"),
    "demo_urls": Message(
        "Objects and events: {schemas}/docs · snapshots, ingest, quarantine: {snapshots}/docs",
        "Objets et événements : {schemas}/docs · instantanés, ingestion, quarantaine : {snapshots}/docs",
    ),
    "demo_stays": Message("The stack stays up; Ctrl-C stops it.", "La pile reste active ; Ctrl-C l'arrête."),
    "demo_refusal": Message(
        "{count} events: expected {expected}, refused with {found}",
        "{count} événements : attendu {expected}, refusés avec {found}",
    ),
    "demo_quarantine": Message(
        "quarantine: {count} events are {found}, expected {expected}",
        "quarantaine : {count} événements sont {found}, attendu {expected}",
    ),
    "demo_missing": Message("{tenant}: {place} is missing", "{tenant} : {place} manque"),
    "demo_differs": Message(
        "{tenant}: {place} is {found}, expected {expected}",
        "{tenant} : {place} est {found}, attendu {expected}",
    ),
}
