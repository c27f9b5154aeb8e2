"""Sentences of the schema service."""

from crosslook.contracts.messages.base import LocalizedMessage

SCHEMA_MESSAGES: dict[str, LocalizedMessage] = {
    "not_a_lost_schema": LocalizedMessage(
        'An item of GET /v1/recovery/schemas of snapshot_service is expected here: {{"tenant", "definition"}}.',
        'Un élément de GET /v1/recovery/schemas de snapshot_service est attendu ici : {{"tenant", "definition"}}.',
    ),
    "unknown_property.read_only": LocalizedMessage(
        "{name} is set by the service; leave it out.",
        "{name} est défini par le service ; omettez-le.",
    ),
    "bad_slug": LocalizedMessage(
        "A slug has 1 to 63 characters: a lower-case letter, then lower-case letters, digits or underscores.",
        "Un identifiant a 1 à 63 caractères : une minuscule, puis des minuscules, des chiffres ou des soulignés.",
    ),
    "reserved_word": LocalizedMessage(
        "{name} is a reserved word; choose another slug.",
        "{name} est un mot réservé ; choisissez un autre identifiant.",
    ),
    "duplicate_slug": LocalizedMessage(
        "The slug {name} is used twice in this object; fields and relationships share their names.",
        "L'identifiant {name} est utilisé deux fois dans cet objet ; champs et relations partagent leurs noms.",
    ),
    "duplicate_option": LocalizedMessage("The option {name} occurs twice.", "L'option {name} figure deux fois."),
    "unknown_type": LocalizedMessage(
        "There is no field type {name}; the types are {known}.",
        "Le type de champ {name} n'existe pas ; les types sont {known}.",
    ),
    "options_missing": LocalizedMessage(
        "A field of type {type} needs options; an empty list is allowed.",
        "Un champ de type {type} a besoin d'options ; une liste vide est permise.",
    ),
    "not_for_type": LocalizedMessage(
        "A field of type {type} has no {name}.",
        "Un champ de type {type} n'a pas de {name}.",
    ),
    "bad_currency": LocalizedMessage(
        "A currency is an ISO 4217 code: three capital letters, such as USD.",
        "Une devise est un code ISO 4217 : trois majuscules, comme USD.",
    ),
    "too_many_fields": LocalizedMessage(
        "An object has at most {limit} fields; this one has {count}.",
        "Un objet a au plus {limit} champs ; celui-ci en a {count}.",
    ),
    "too_many_relationships": LocalizedMessage(
        "An object has at most {limit} relationships; this one has {count}.",
        "Un objet a au plus {limit} relations ; celui-ci en a {count}.",
    ),
    "too_many_options": LocalizedMessage(
        "A field has at most {limit} options; this one has {count}.",
        "Un champ a au plus {limit} options ; celui-ci en a {count}.",
    ),
    "object_mismatch": LocalizedMessage(
        "The address names the object {expected}, the body another object; an object's slug never changes.",
        "L'adresse désigne l'objet {expected}, le corps un autre objet ; l'identifiant d'un objet ne change jamais.",
    ),
    "slug_taken": LocalizedMessage(
        "The object {object} already exists; change it with PUT, or choose another slug.",
        "L'objet {object} existe déjà ; modifiez-le par PUT ou choisissez un autre identifiant.",
    ),
    "slug_taken.built_in": LocalizedMessage(
        "The object {object} is built in; add your own fields with PUT.",
        "L'objet {object} est intégré ; ajoutez vos propres champs par PUT.",
    ),
    "slug_taken.leaving": LocalizedMessage(
        "The object {object} was deleted, but stays in the reports until the next refresh ({until}); its slug is free "
        "after that.",
        "L'objet {object} a été supprimé, mais reste dans les rapports jusqu'au prochain rafraîchissement ({until}) ; "
        "son identifiant sera libre ensuite.",
    ),
    "object_deleted": LocalizedMessage(
        "The object {object} was deleted; it can be created again after the next refresh ({until}).",
        "L'objet {object} a été supprimé ; il pourra être recréé après le prochain rafraîchissement ({until}).",
    ),
    "built_in": LocalizedMessage(
        "The object {object} is built in and cannot be deleted.",
        "L'objet {object} est intégré et ne peut pas être supprimé.",
    ),
    "built_in_field": LocalizedMessage(
        "The field {name} is built in; keep it as it is.",
        "Le champ {name} est intégré ; conservez-le tel quel.",
    ),
    "type_changed": LocalizedMessage(
        "The field {name} has the type {was}, which cannot change; add a field with another slug instead.",
        "Le champ {name} a le type {was}, qui ne peut pas changer ; ajoutez plutôt un champ avec un autre identifiant.",
    ),
    "target_changed": LocalizedMessage(
        "The relationship {name} has the target {was}, which cannot change; add a relationship with another slug "
        "instead.",
        "La relation {name} a la cible {was}, qui ne peut pas changer ; ajoutez plutôt une relation avec un autre "
        "identifiant.",
    ),
    "many_changed": LocalizedMessage(
        "The property many of the relationship {name} cannot change; add a relationship with another slug instead.",
        "La propriété many de la relation {name} ne peut pas changer ; ajoutez une relation avec un autre identifiant.",
    ),
    "slug_reused": LocalizedMessage(
        "{name} named something else, which stays in the reports until the next refresh ({until}); choose another "
        "slug, or try again after that.",
        "{name} désignait autre chose et reste dans les rapports jusqu'au prochain rafraîchissement ({until}) ; "
        "choisissez un autre identifiant, ou recommencez ensuite.",
    ),
    "idempotency_conflict": LocalizedMessage(
        "This Idempotency-Key was already used with another body; use a new key for a new object.",
        "Cette Idempotency-Key a déjà servi pour un autre corps ; utilisez une nouvelle clé pour un nouvel objet.",
    ),
    "tenant_mismatch": LocalizedMessage(
        "The address names the tenant {expected}, the body another tenant.",
        "L'adresse désigne le locataire {expected}, le corps un autre locataire.",
    ),
    "bad_tenant": LocalizedMessage(
        "A tenant's name has 1 to 63 letters, digits, hyphens or underscores and starts with a letter or digit.",
        "Le nom d'un locataire a 1 à 63 lettres, chiffres, tirets ou soulignés et commence par une lettre ou un "
        "chiffre.",
    ),
    "unknown_status": LocalizedMessage(
        "There is no status {name}; the statuses are active and suspended.",
        "Le statut {name} n'existe pas ; les statuts sont active et suspended.",
    ),
    "in_reports.not_reportable": LocalizedMessage(
        "Only objects with a relationship to contact are in reports; add one with PUT.",
        "Seuls les objets avec une relation vers contact sont dans les rapports ; ajoutez-en une par PUT.",
    ),
    "in_reports.pending": LocalizedMessage(
        "It will be in reports after the next refresh.",
        "Il sera dans les rapports après le prochain rafraîchissement.",
    ),
    "in_reports.changing": LocalizedMessage(
        "Reports show version {version} until the next refresh.",
        "Les rapports montrent la version {version} jusqu'au prochain rafraîchissement.",
    ),
    "in_reports.leaving": LocalizedMessage(
        "It was deleted; reports show it until the next refresh.",
        "Il a été supprimé ; les rapports le montrent jusqu'au prochain rafraîchissement.",
    ),
    "in_reports.deleted_unseen": LocalizedMessage(
        "It was deleted before it was in reports; its slug is free after the next refresh.",
        "Il a été supprimé avant d'être dans les rapports ; son identifiant sera libre après le prochain "
        "rafraîchissement.",
    ),
    "in_reports.failed": LocalizedMessage(
        "The last refresh failed for this object ({reason}); reports show its previous data.",
        "Le dernier rafraîchissement a échoué pour cet objet ({reason}) ; les rapports montrent ses données "
        "précédentes.",
    ),
    "in_reports.failed_unseen": LocalizedMessage(
        "The last refresh failed for this object ({reason}); it is not in reports yet.",
        "Le dernier rafraîchissement a échoué pour cet objet ({reason}) ; il n'est pas encore dans les rapports.",
    ),
}
