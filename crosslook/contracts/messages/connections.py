"""Sentences about connecting integrations and about their webhooks."""

from crosslook.contracts.messages.base import LocalizedMessage

CONNECTION_MESSAGES: dict[str, LocalizedMessage] = {
    "unknown_integration": LocalizedMessage(
        "No integration {name} is connected; GET /v1/tenants/{tenant}/integrations lists the connected ones.",
        "Aucune intégration {name} n'est connectée ; GET /v1/tenants/{tenant}/integrations liste celles qui le sont.",
    ),
    "kind_changed": LocalizedMessage(
        "{name} is connected to {was}, which cannot change; connect the other integration under another name, or "
        "disconnect this one first.",
        "{name} est connectée à {was}, ce qui ne peut pas changer ; connectez l'autre intégration sous un autre nom, "
        "ou déconnectez d'abord celle-ci.",
    ),
    "managed_by_integration": LocalizedMessage(
        "The object {object} belongs to the connected integration {name}; disconnect it first.",
        "L'objet {object} appartient à l'intégration connectée {name} ; déconnectez-la d'abord.",
    ),
    "managed_by_integration.part": LocalizedMessage(
        "The connected integration {name} fills {slug}; keep it, and change only its labels and description.",
        "L'intégration connectée {name} remplit {slug} ; conservez cet élément et ne changez que ses libellés et sa "
        "description.",
    ),
    "managed_by_integration.option": LocalizedMessage(
        "The connected integration {name} uses the option {value} of {slug}; keep it.",
        "L'intégration connectée {name} utilise l'option {value} de {slug} ; conservez-la.",
    ),
    "managed_by_integration.required": LocalizedMessage(
        "The connected integration {name} does not always fill {slug}, so it cannot be required: records without it "
        "would be refused.",
        "L'intégration connectée {name} ne remplit pas toujours {slug}, qui ne peut donc pas être obligatoire : les "
        "enregistrements qui ne l'ont pas seraient refusés.",
    ),
    "slug_taken.of_others": LocalizedMessage(
        "The object {object}, which this integration brings, already exists and does not belong to it; connect the "
        "integration under another name, or delete that object first.",
        "L'objet {object}, que cette intégration apporte, existe déjà et ne lui appartient pas ; connectez "
        "l'intégration sous un autre nom, ou supprimez d'abord cet objet.",
    ),
    "no_history": LocalizedMessage(
        "The integration {name} reads no export of its vendor.",
        "L'intégration {name} ne lit aucun export de son fournisseur.",
    ),
    "integration_near_limit.circuit_breaker": LocalizedMessage(
        "Many messages were refused within a few minutes: the vendor is about to pause its deliveries, and what falls "
        "into the pause is lost. Check the signing secret.",
        "De nombreux messages ont été refusés en quelques minutes : le fournisseur est sur le point d'interrompre ses "
        "envois, et ce qui tombe dans l'interruption est perdu. Vérifiez le secret de signature.",
    ),
    "integration_near_limit.disabled": LocalizedMessage(
        "No message has been accepted since {since} although some arrived: after {hours} hours of failures the vendor "
        "ends the subscription without notice. Check the signing secret.",
        "Aucun message n'a été accepté depuis {since}, bien qu'il en soit arrivé : après {hours} heures d'échecs, le "
        "fournisseur met fin à l'abonnement sans prévenir. Vérifiez le secret de signature.",
    ),
    "integration_silent": LocalizedMessage(
        "The vendor has sent nothing since {since}; check whether its webhook is still active.",
        "Le fournisseur n'a rien envoyé depuis {since} ; vérifiez que son webhook est toujours actif.",
    ),
    "secrets_unavailable": LocalizedMessage(
        "This installation has no key that encrypts signing secrets; an operator has to set CROSSLOOK_SECRETS__KEYS or "
        "CROSSLOOK_SECRETS__KEYS_FILE.",
        "Cette installation n'a pas de clé pour chiffrer les secrets de signature ; un opérateur doit définir "
        "CROSSLOOK_SECRETS__KEYS ou CROSSLOOK_SECRETS__KEYS_FILE.",
    ),
    "signature_refused": LocalizedMessage(
        "The signature is not valid, or nothing is connected at this address.",
        "La signature n'est pas valide, ou rien n'est connecté à cette adresse.",
    ),
    "bad_value.blank_around": LocalizedMessage(
        "This begins or ends with a blank or a line break; a signing secret is used exactly as it is.",
        "Ceci commence ou finit par une espace ou un saut de ligne ; un secret de signature est utilisé exactement "
        "tel quel.",
    ),
    "bad_value.pattern": LocalizedMessage(
        "This value does not match the pattern {pattern}.",
        "Cette valeur ne correspond pas au motif {pattern}.",
    ),
    "bad_value.member_name": LocalizedMessage(
        "This name is not allowed here; GET /v1/integrations describes the options.",
        "Ce nom n'est pas admis ici ; GET /v1/integrations décrit les options.",
    ),
    "bad_value.repeated_item": LocalizedMessage(
        "A value occurs twice in this list.",
        "Une valeur figure deux fois dans cette liste.",
    ),
    "bad_value.as_described": LocalizedMessage(
        "This value is not allowed here; GET /v1/integrations describes the options.",
        "Cette valeur n'est pas admise ici ; GET /v1/integrations décrit les options.",
    ),
    "wrong_type.null": LocalizedMessage("null is expected here.", "null est attendu ici."),
    "wrong_type.several": LocalizedMessage(
        "A value of one of these types is expected here: {types}.",
        "Une valeur de l'un de ces types est attendue ici : {types}.",
    ),
    "too_long.items": LocalizedMessage(
        "This list has more than {limit} {limit:item/items}.",
        "Cette liste a plus de {limit} {limit:élément/éléments}.",
    ),
    "too_long.members": LocalizedMessage(
        "This object has more than {limit} {limit:member/members}.",
        "Cet objet a plus de {limit} {limit:membre/membres}.",
    ),
    "too_short": LocalizedMessage(
        "At least {limit} {limit:character/characters} {limit:is/are} expected here.",
        "Au moins {limit} {limit:caractère/caractères} {limit:est attendu/sont attendus} ici.",
    ),
    "too_short.items": LocalizedMessage(
        "This list needs at least {limit} {limit:item/items}.",
        "Cette liste doit avoir au moins {limit} {limit:élément/éléments}.",
    ),
    "too_short.members": LocalizedMessage(
        "This object needs at least {limit} {limit:member/members}.",
        "Cet objet doit avoir au moins {limit} {limit:membre/membres}.",
    ),
    "too_long.connection_name": LocalizedMessage(
        "This name is too long: the object of this integration is called after it, so it has at most {limit} "
        "characters.",
        "Ce nom est trop long : l'objet de cette intégration porte ce nom, qui a donc au plus {limit} caractères.",
    ),
}
