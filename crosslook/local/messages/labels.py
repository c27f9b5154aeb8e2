"""Headings and lines of what the commands print."""

from crosslook.contracts.messages.base import Message

LABELS: dict[str, Message] = {
    "name": Message("Name", "Nom"),
    "url": Message("Address", "Adresse"),
    "pid": Message("Pid", "Pid"),
    "is_ready": Message("Ready", "Prêt"),
    "reason": Message("Reason", "Raison"),
    "restarts": Message("Restarts", "Redémarrages"),
    "yes": Message("yes", "oui"),
    "no": Message("no", "non"),
    "page": Message("Page: {url}", "Page : {url}"),
    "snapshot": Message("Snapshot {snapshot}, as of {as_of}", "Instantané {snapshot}, au {as_of}"),
    "no_snapshot": Message("No snapshot yet: crosslook refresh", "Pas encore d'instantané : crosslook refresh"),
    "topic": Message("Topic", "Topic"),
    "partitions": Message("Partitions", "Partitions"),
    "topic_state": Message("State", "État"),
    "topic_created": Message("created", "créé"),
    "topic_there": Message("there", "présent"),
    "refresh": Message("Refresh", "Rafraîchissement"),
    "run": Message("Run {run}: {state}", "Exécution {run} : {state}"),
    "published": Message(
        "Snapshot {snapshot} is published (run {run})", "L'instantané {snapshot} est publié (exécution {run})"
    ),
    "ingest": Message(
        "Ingest is {state}{reason}; {lag} messages wait",
        "L'ingestion est {state}{reason} ; {lag} messages attendent",
    ),
    "count": Message("Count", "Nombre"),
    "still_refused": Message("Still refused", "Toujours refusés"),
    "replay_would": Message(
        "{matched} events match, {admitted} of them would be admitted; nothing was moved: add --yes to replay them",
        "{matched} événements correspondent, dont {admitted} seraient admis ; rien n'a été déplacé : ajoutez --yes "
        "pour les renvoyer",
    ),
    "replay_done": Message(
        "{replayed} of {matched} events were sent through admission again",
        "{replayed} événements sur {matched} ont été renvoyés à l'admission",
    ),
    "total": Message("Total", "Total"),
    "fresh": Message(
        "Data as of {as_of} · next refresh {next} ({zone})",
        "Données au {as_of} · prochain rafraîchissement {next} ({zone})",
    ),
    "joined": Message(
        "{kept} records with a contact, {dropped} without",
        "{kept} enregistrements avec un contact, {dropped} sans",
    ),
    "written": Message("{path}: {bytes} bytes", "{path} : {bytes} octets"),
    "estimated": Message(
        "Reads {read} records for at most {answer} rows",
        "Lit {read} enregistrements pour au plus {answer} lignes",
    ),
    "truncated": Message("There are more rows than shown", "Il y a plus de lignes que celles affichées"),
}
