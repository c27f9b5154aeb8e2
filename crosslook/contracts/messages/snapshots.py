"""Sentences of the snapshot service."""

from crosslook.contracts.messages.base import Message

SNAPSHOTS: dict[str, Message] = {
    "store_refused": Message(
        "The store could not hold this event; show it to an operator.",
        "L'entrepôt n'a pas pu recevoir cet événement ; montrez-le à un opérateur.",
    ),
    "unknown_snapshot": Message(
        "There is no snapshot {snapshot}; GET /v1/snapshots lists those that are kept.",
        "L'instantané {snapshot} n'existe pas ; GET /v1/snapshots liste ceux qui sont conservés.",
    ),
    "run_under_way": Message(
        "The run {run} is under way; wait for its end and try again.",
        "L'exécution {run} est en cours ; attendez sa fin et réessayez.",
    ),
    "unknown_message": Message(
        "Partition {partition} of {topic} has no message at offset {offset}: Kafka has forgotten it, or it is not "
        "written yet.",
        "La partition {partition} de {topic} n'a pas de message à la position {offset} : Kafka l'a oublié, ou il n'est "
        "pas encore écrit.",
    ),
    "unknown_run": Message(
        "There is no run {run}.",
        "L'exécution {run} n'existe pas.",
    ),
    "selection_missing": Message(
        'Say which events: {{"ids"}} or {{"filter"}}.',
        'Indiquez quels événements : {{"ids"}} ou {{"filter"}}.',
    ),
    "selection_twice": Message(
        "Name events by ids or by a filter, not by both; remove one.",
        "Désignez les événements par ids ou par filter, pas par les deux ; retirez l'un.",
    ),
}
