"""Headings and lines of what the commands print."""

from crosslook.contracts.messages.base import LocalizedMessage

LABELS: dict[str, LocalizedMessage] = {
    "name": LocalizedMessage("Name", "Nom"),
    "url": LocalizedMessage("Address", "Adresse"),
    "pid": LocalizedMessage("Pid", "Pid"),
    "is_ready": LocalizedMessage("Ready", "Prêt"),
    "reason": LocalizedMessage("Reason", "Raison"),
    "restarts": LocalizedMessage("Restarts", "Redémarrages"),
    "yes": LocalizedMessage("yes", "oui"),
    "no": LocalizedMessage("no", "non"),
    "page": LocalizedMessage("Page: {url}", "Page : {url}"),
    "snapshot": LocalizedMessage("Snapshot {snapshot}, as of {as_of}", "Instantané {snapshot}, au {as_of}"),
    "no_snapshot": LocalizedMessage(
        "No snapshot yet: crosslook refresh", "Pas encore d'instantané : crosslook refresh"
    ),
    "topic": LocalizedMessage("Topic", "Topic"),
    "partitions": LocalizedMessage("Partitions", "Partitions"),
    "topic_state": LocalizedMessage("State", "État"),
    "topic_created": LocalizedMessage("created", "créé"),
    "topic_there": LocalizedMessage("present", "présent"),
    "topic_wrong": LocalizedMessage("wrong", "incorrect"),
    "topic_missing": LocalizedMessage("missing", "absent"),
    "topic_fault": LocalizedMessage(
        "{topic}: {property} is {found}; it must be {expected}, or data can be lost or wrong.",
        "{topic} : {property} vaut {found} ; la valeur doit être {expected}, sinon des données peuvent être perdues ou "
        "fausses.",
    ),
    "topic_fault_least": LocalizedMessage(
        "{topic}: {property} is {found}; it must be at least {expected}, or data can be lost or wrong.",
        "{topic} : {property} vaut {found} ; la valeur doit être d'au moins {expected}, sinon des données peuvent être "
        "perdues ou fausses.",
    ),
    "topic_differs": LocalizedMessage(
        "{topic}: {property} is {found}; Crosslook declares {expected}. No data is in danger.",
        "{topic} : {property} vaut {found} ; Crosslook déclare {expected}. Aucune donnée n'est en danger.",
    ),
    "topic_differs_least": LocalizedMessage(
        "{topic}: {property} is {found}; Crosslook declares {expected} or more. No data is in danger.",
        "{topic} : {property} vaut {found} ; Crosslook déclare {expected} ou plus. Aucune donnée n'est en danger.",
    ),
    "topic_remedy": LocalizedMessage("  To change it: {remedy}", "  Pour la modifier : {remedy}"),
    "skip_none": LocalizedMessage("{topic} has no damaged batch.", "{topic} ne contient aucun lot endommagé."),
    "skip_damaged": LocalizedMessage(
        "{topic}: the batch at the offsets {offsets} is damaged.",
        "{topic} : le lot aux offsets {offsets} est endommagé.",
    ),
    "skipped": LocalizedMessage(
        "{topic}: the batch at the offsets {offsets} is skipped. The services continue without a restart.",
        "{topic} : le lot aux offsets {offsets} est ignoré. Les services continuent sans redémarrage.",
    ),
    "refresh": LocalizedMessage("Refresh", "Rafraîchissement"),
    "run": LocalizedMessage("Run {run}: {state}", "Exécution {run} : {state}"),
    "run_is_older": LocalizedMessage(
        "This run reads only events that arrived before {frozen_at}. Run this command again when it has ended, or use "
        "--wait.",
        "Cette exécution ne lit que les événements arrivés avant {frozen_at}. Relancez cette commande quand elle sera "
        "terminée, ou utilisez --wait.",
    ),
    "published": LocalizedMessage(
        "Snapshot {snapshot} is published (run {run})", "L'instantané {snapshot} est publié (exécution {run})"
    ),
    "object_failed": LocalizedMessage(
        "{tenant}/{object} could not be refreshed: {reason}",
        "{tenant}/{object} n'a pas pu être rafraîchi : {reason}",
    ),
    "objects_failed": LocalizedMessage(
        "{more} more {more:object/objects} could not be refreshed; GET /v1/snapshots lists all of them",
        "{more} {more:autre objet n'a/autres objets n'ont} pas pu être {more:rafraîchi/rafraîchis} ; GET /v1/snapshots "
        "les liste tous",
    ),
    "ingest": LocalizedMessage(
        "Ingest is {state}{reason}; {lag} messages are waiting",
        "L'ingestion est {state}{reason} ; {lag} messages attendent",
    ),
    "count": LocalizedMessage("Count", "Nombre"),
    "still_refused": LocalizedMessage("Still refused", "Toujours refusés"),
    "replay_would": LocalizedMessage(
        "{matched} events match, {admitted} of them would be admitted; nothing was moved: add --yes to replay them",
        "{matched} événements correspondent, dont {admitted} seraient admis ; rien n'a été déplacé : ajoutez --yes "
        "pour les rejouer",
    ),
    "replay_done": LocalizedMessage(
        "{replayed} of {matched} events were replayed",
        "{replayed} événements sur {matched} ont été rejoués",
    ),
    "total": LocalizedMessage("Total", "Total"),
    "fresh": LocalizedMessage(
        "Data as of {as_of} · next refresh {next} ({zone})",
        "Données au {as_of} · prochain rafraîchissement {next} ({zone})",
    ),
    "joined": LocalizedMessage(
        "{kept} {kept:record/records} with a contact, {dropped} without",
        "{kept} {kept:enregistrement/enregistrements} avec un contact, {dropped} sans",
    ),
    "written": LocalizedMessage("{path}: {bytes} bytes", "{path} : {bytes} octets"),
    "estimated": LocalizedMessage(
        "Reads {read} records for at most {answer} rows",
        "Lit {read} enregistrements pour au plus {answer} lignes",
    ),
    "file_truncated": LocalizedMessage(
        "The file does not contain all rows; raise limit in the request",
        "Le fichier ne contient pas toutes les lignes ; augmentez limit dans la requête",
    ),
    "file_warned": LocalizedMessage(
        "Warnings of the report: {codes}; docs/reference/problems.md explains them",
        "Avertissements du rapport : {codes} ; docs/reference/problems.md les explique",
    ),
    "matching": LocalizedMessage("Shown: {shown} of {count} rows", "Affichées : {shown} lignes sur {count}"),
    "truncated": LocalizedMessage("There are more rows than those shown", "Il y a plus de lignes que celles affichées"),
}
