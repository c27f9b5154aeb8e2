"""Sentences of the snapshot service."""

from crosslook.contracts.messages.base import LocalizedMessage

SNAPSHOT_MESSAGES: dict[str, LocalizedMessage] = {
    "store_refused": LocalizedMessage(
        "The store could not hold this event; show it to an operator.",
        "L'entrepôt n'a pas pu recevoir cet événement ; montrez-le à un opérateur.",
    ),
    "unknown_snapshot": LocalizedMessage(
        "There is no snapshot {snapshot}; GET /v1/snapshots lists those that are kept.",
        "L'instantané {snapshot} n'existe pas ; GET /v1/snapshots liste ceux qui sont conservés.",
    ),
    "run_under_way": LocalizedMessage(
        "The run {run} is under way; wait for its end and try again.",
        "L'exécution {run} est en cours ; attendez sa fin et réessayez.",
    ),
    "snapshot_unusable": LocalizedMessage(
        "The snapshot {snapshot} cannot be made current, because no refresh could go on from it: {reason}. "
        "GET /v1/recovery shows which one can.",
        "L'instantané {snapshot} ne peut pas redevenir l'instantané courant, car aucun rafraîchissement ne pourrait le "
        "continuer : {reason}. GET /v1/recovery montre lequel le peut.",
    ),
    "recovery_plan_changed": LocalizedMessage(
        "What would be done is not the plan {plan} any more; look again with GET /v1/recovery.",
        "Ce qui serait fait n'est plus le plan {plan} ; regardez de nouveau avec GET /v1/recovery.",
    ),
    "recovery_schemas_missing": LocalizedMessage(
        "{count} {count:object/objects} of the snapshot {count:is/are} not on the schemas topic, and the next "
        "refresh would drop {count:it/them}; send what GET /v1/recovery/schemas answers to POST /v1/recovery/schemas "
        "of schema_service first.",
        "{count} {count:objet/objets} de l'instantané {count:n'est/ne sont} pas sur le topic des schémas, et le "
        "prochain rafraîchissement {count:le/les} supprimerait ; envoyez d'abord la réponse de GET "
        "/v1/recovery/schemas à POST /v1/recovery/schemas de schema_service.",
    ),
    "recovery_run_failed": LocalizedMessage(
        "What was staged before the loss could not be published: the run {run} failed ({reason}). Remove the cause, "
        "then look again with GET /v1/recovery; nothing staged was touched.",
        "Ce qui avait été reçu avant la perte n'a pas pu être publié : l'exécution {run} a échoué ({reason}). "
        "Supprimez la cause, puis regardez de nouveau avec GET /v1/recovery ; rien de ce qui a été reçu n'a "
        "changé.",
    ),
    "unknown_message": LocalizedMessage(
        "Partition {partition} of {topic} has no message at offset {offset}: Kafka has forgotten it, or it is not "
        "written yet.",
        "La partition {partition} de {topic} n'a pas de message à la position {offset} : Kafka l'a oublié, ou il n'est "
        "pas encore écrit.",
    ),
    "sender_not_diverted": LocalizedMessage(
        "No diverted sender is meant by tenant={tenant} source={source}; nothing was changed. Diverted: {senders}.",
        "tenant={tenant} source={source} ne désigne aucun émetteur détourné ; rien n'a changé. Détournés : {senders}.",
    ),
    "sender_not_diverted.none": LocalizedMessage(
        "No sender is diverted, so there is none to let in again; nothing was changed.",
        "Aucun émetteur n'est détourné, il n'y en a donc aucun à réadmettre ; rien n'a changé.",
    ),
    "unknown_run": LocalizedMessage(
        "There is no run {run}.",
        "L'exécution {run} n'existe pas.",
    ),
    "selection_missing": LocalizedMessage(
        'Say which events: {{"ids"}} or {{"filter"}}.',
        'Indiquez quels événements : {{"ids"}} ou {{"filter"}}.',
    ),
    "selection_twice": LocalizedMessage(
        "Name events by ids or by a filter, not by both; remove one.",
        "Désignez les événements par ids ou par filter, pas par les deux ; retirez l'un.",
    ),
}
