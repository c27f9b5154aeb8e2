"""Sentences of the snapshot service."""

from crosslook.contracts.messages.base import LocalizedMessage

SNAPSHOT_MESSAGES: dict[str, LocalizedMessage] = {
    "store_refused": LocalizedMessage(
        "The database did not accept this event; show it to an operator.",
        "La base de données n'a pas accepté cet événement ; montrez-le à un opérateur.",
    ),
    "unknown_snapshot": LocalizedMessage(
        "There is no snapshot {snapshot}; GET /v1/snapshots lists the retained snapshots.",
        "L'instantané {snapshot} n'existe pas ; GET /v1/snapshots liste les instantanés conservés.",
    ),
    "run_under_way": LocalizedMessage(
        "The run {run} is in progress; wait until it ends and try again.",
        "L'exécution {run} est en cours ; attendez sa fin et réessayez.",
    ),
    "snapshot_unusable": LocalizedMessage(
        "The snapshot {snapshot} cannot be made current, because no refresh could continue from it: {reason}. GET "
        "/v1/recovery shows the snapshot to continue from.",
        "L'instantané {snapshot} ne peut pas redevenir l'instantané courant, car aucun rafraîchissement ne pourrait le "
        "continuer : {reason}. GET /v1/recovery montre l'instantané à partir duquel continuer.",
    ),
    "recovery_plan_changed": LocalizedMessage(
        "The plan {plan} is no longer current; read the current one with GET /v1/recovery.",
        "Le plan {plan} n'est plus le plan actuel ; lisez celui-ci par GET /v1/recovery.",
    ),
    "recovery_schemas_missing": LocalizedMessage(
        "{count} {count:object/objects} of the snapshot {count:is/are} not on the schemas topic, and the next refresh "
        "would drop {count:it/them}. First send the response of GET /v1/recovery/schemas to POST /v1/recovery/schemas "
        "of schema_service.",
        "{count} {count:objet/objets} de l'instantané {count:n'est/ne sont} pas sur le topic des schémas, et le "
        "prochain rafraîchissement {count:le/les} supprimerait ; envoyez d'abord la réponse de GET "
        "/v1/recovery/schemas à POST /v1/recovery/schemas de schema_service.",
    ),
    "recovery_run_failed": LocalizedMessage(
        "The events staged before the loss could not be published: the run {run} failed ({reason}). Remove the cause, "
        "then read GET /v1/recovery again. The staged events are unchanged.",
        "Les événements reçus avant la perte n'ont pas pu être publiés : l'exécution {run} a échoué ({reason}). "
        "Supprimez la cause, puis relisez GET /v1/recovery. Les événements reçus sont inchangés.",
    ),
    "unknown_message": LocalizedMessage(
        "Partition {partition} of {topic} has no message at offset {offset}: Kafka has deleted it, or it is not "
        "written yet.",
        "La partition {partition} de {topic} n'a pas de message à la position {offset} : Kafka l'a supprimé, ou il "
        "n'est pas encore écrit.",
    ),
    "sender_not_diverted": LocalizedMessage(
        "No diverted sender matches tenant={tenant} source={source}; nothing was changed. Diverted: {senders}.",
        "Aucun émetteur détourné ne correspond à tenant={tenant} source={source} ; rien n'a changé. Détournés : "
        "{senders}.",
    ),
    "sender_not_diverted.none": LocalizedMessage(
        "No sender is diverted, so there is none to resume; nothing was changed.",
        "Aucun émetteur n'est détourné, il n'y en a donc aucun à réadmettre ; rien n'a changé.",
    ),
    "unknown_run": LocalizedMessage(
        "There is no run {run}.",
        "L'exécution {run} n'existe pas.",
    ),
    "selection_missing": LocalizedMessage(
        'Name the events with {{"ids"}} or {{"filter"}}.',
        'Désignez les événements par {{"ids"}} ou {{"filter"}}.',
    ),
    "selection_twice": LocalizedMessage(
        "Name the events with ids or with filter, not with both; remove one.",
        "Désignez les événements par ids ou par filter, pas par les deux ; retirez l'un.",
    ),
}
