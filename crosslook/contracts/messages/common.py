"""Sentences that all services use."""

from crosslook.contracts.messages.base import LocalizedMessage

COMMON: dict[str, LocalizedMessage] = {
    "invalid_body": LocalizedMessage(
        "The request is not valid; errors lists the problems found.",
        "La requête n'est pas valide ; errors liste les problèmes trouvés.",
    ),
    "not_json": LocalizedMessage(
        "The body is not JSON: line {line}, column {column} cannot be read. Send UTF-8 JSON without NaN or Infinity.",
        "Le corps n'est pas du JSON : ligne {line}, colonne {column} illisible. Envoyez du JSON en UTF-8 sans NaN ni "
        "Infinity.",
    ),
    "not_json.empty": LocalizedMessage(
        "The body is empty; send JSON.",
        "Le corps est vide ; envoyez du JSON.",
    ),
    "not_json.utf8": LocalizedMessage(
        "The body is not UTF-8: line {line}, byte {column} cannot be read.",
        "Le corps n'est pas en UTF-8 : ligne {line}, octet {column} illisible.",
    ),
    "not_json.compressed": LocalizedMessage(
        "The body is compressed with gzip; send it uncompressed.",
        "Le corps est compressé par gzip ; envoyez-le sans compression.",
    ),
    "unsupported_encoding": LocalizedMessage(
        "A body with Content-Encoding {name} is not accepted; send it uncompressed, without that header.",
        "Un corps avec Content-Encoding {name} n'est pas accepté ; envoyez-le sans compression et sans cet en-tête.",
    ),
    "document_readable": LocalizedMessage(
        "There is no unreadable document {key} at offset {offset} of {topic}; GET /v1/recovery/documents lists the "
        "unreadable documents.",
        "Il n'y a pas de document illisible {key} à la position {offset} de {topic} ; GET /v1/recovery/documents liste "
        "les documents illisibles.",
    ),
    "document_unknown": LocalizedMessage(
        "This process has no readable version of {key}. Replace it with a document from a backup, or remove it.",
        "Ce processus n'a aucune version lisible de {key}. Remplacez-le par un document d'une sauvegarde, ou "
        "supprimez-le.",
    ),
    "bad_value.document": LocalizedMessage(
        "This document cannot be stored under {key}, because this release could not read it: {cause}.",
        "Ce document ne peut pas être enregistré sous {key}, car cette version ne pourrait pas le lire : {cause}.",
    ),
    "bad_value.nesting": LocalizedMessage(
        "The body is nested deeper than {limit} levels.",
        "Le corps est imbriqué sur plus de {limit} niveaux.",
    ),
    "bad_value.member_twice": LocalizedMessage(
        "The member {name} occurs more than once in this object; send it once.",
        "Le membre {name} figure plusieurs fois dans cet objet ; envoyez-le une seule fois.",
    ),
    "unknown_property": LocalizedMessage(
        "There is no property {name} here; remove it or correct its name.",
        "La propriété {name} n'existe pas ici ; retirez-la ou corrigez son nom.",
    ),
    "unknown_parameter": LocalizedMessage(
        "This address has no query parameter {name}; it takes {known}.",
        "Cette adresse n'a pas de paramètre {name} ; elle accepte {known}.",
    ),
    "unknown_parameter.none": LocalizedMessage(
        "This address has no query parameter {name}; it takes none.",
        "Cette adresse n'a pas de paramètre {name} ; elle n'en accepte aucun.",
    ),
    "bad_parameter": LocalizedMessage(
        "The parameter {name} cannot be read; it takes {expected}.",
        "Le paramètre {name} est illisible ; il accepte {expected}.",
    ),
    "bad_parameter.missing": LocalizedMessage(
        "The parameter {name} is missing.",
        "Le paramètre {name} manque.",
    ),
    "bad_parameter.repeated": LocalizedMessage(
        "The parameter {name} occurs more than once in the URL; send it once.",
        "Le paramètre {name} figure plusieurs fois dans l'URL ; envoyez-le une seule fois.",
    ),
    "bad_parameter.integer": LocalizedMessage(
        "The parameter {name} takes a whole number.",
        "Le paramètre {name} accepte un nombre entier.",
    ),
    "bad_parameter.boolean": LocalizedMessage(
        "The parameter {name} takes true or false.",
        "Le paramètre {name} accepte true ou false.",
    ),
    "bad_parameter.least": LocalizedMessage(
        "The parameter {name} must be at least {limit}.",
        "Le paramètre {name} doit valoir au moins {limit}.",
    ),
    "bad_parameter.most": LocalizedMessage(
        "The parameter {name} must be at most {limit}.",
        "Le paramètre {name} doit valoir au plus {limit}.",
    ),
    "bad_parameter.unreadable": LocalizedMessage(
        "The parameter {name} cannot be read.",
        "Le paramètre {name} est illisible.",
    ),
    "bad_page_token": LocalizedMessage(
        "The page token is not valid; request the first page without page_token.",
        "Le page_token n'est pas valide ; demandez la première page sans page_token.",
    ),
    "unauthenticated": LocalizedMessage(
        "A valid bearer token is needed: Authorization: Bearer <JWT>.",
        "Un jeton valide est nécessaire : Authorization: Bearer <JWT>.",
    ),
    "quota_exceeded.objects": LocalizedMessage(
        "This tenant has {usage} of at most {limit} {limit:object/objects}; a deleted one counts until it leaves the "
        "reports at the next refresh. Delete one that is not needed, or ask your operator for more.",
        "Ce locataire a {usage} {usage:objet/objets} sur {limit} au plus ; un objet supprimé compte jusqu'à ce qu'il "
        "quitte les rapports au prochain rafraîchissement. Supprimez-en un devenu inutile ou demandez-en davantage à "
        "votre opérateur.",
    ),
    "quota_exceeded.saved_reports": LocalizedMessage(
        "This tenant has {usage} of at most {limit} Looks and dashboards. Delete one that is not needed, or ask your "
        "operator for more.",
        "Ce locataire a {usage} aperçus et tableaux de bord sur {limit} au plus. Supprimez-en un devenu inutile ou "
        "demandez-en davantage à votre opérateur.",
    ),
    "rate_limited.events": LocalizedMessage(
        "This tenant sends more than {limit} {limit:event/events} a second ({usage} on average over ten seconds). "
        "Send the batch again in {seconds} {seconds:second/seconds}.",
        "Ce locataire envoie plus de {limit} {limit:événement/événements} par seconde ({usage} en moyenne sur dix "
        "secondes). Renvoyez le lot dans {seconds} {seconds:seconde/secondes}.",
    ),
    "rate_limited.reports": LocalizedMessage(
        "This tenant has {usage} {usage:report/reports} running or waiting, and at most {limit} {limit:is/are} "
        "allowed. Try again in {seconds} {seconds:second/seconds}.",
        "{usage} {usage:rapport/rapports} de ce locataire {usage:est/sont} en cours ou en attente, pour {limit} au "
        "plus. Réessayez dans {seconds} {seconds:seconde/secondes}.",
    ),
    "rate_limited.records": LocalizedMessage(
        "This tenant has {usage} {usage:record/records} being looked up or waiting, and at most {limit} "
        "{limit:is/are} allowed. Try again in {seconds} {seconds:second/seconds}.",
        "{usage} {usage:enregistrement/enregistrements} de ce locataire {usage:est/sont} en cours de recherche ou en "
        "attente, pour {limit} au plus. Réessayez dans {seconds} {seconds:seconde/secondes}.",
    ),
    "rate_limited.exports": LocalizedMessage(
        "This tenant has {usage} {usage:file/files} being sent or waiting, and at most {limit} {limit:is/are} allowed. "
        "Try again in {seconds} {seconds:second/seconds}.",
        "{usage} {usage:fichier/fichiers} de ce locataire {usage:est/sont} en cours d'envoi ou en attente, pour "
        "{limit} au plus. Réessayez dans {seconds} {seconds:seconde/secondes}.",
    ),
    "forbidden": LocalizedMessage(
        "The token lacks the scope {scope}.",
        "Le jeton n'a pas la portée {scope}.",
    ),
    "operators_only": LocalizedMessage(
        "This call is for operators of all tenants; it needs a token whose tenant is *.",
        "Cet appel est réservé aux opérateurs de tous les locataires ; il demande un jeton dont le locataire est *.",
    ),
    "not_found": LocalizedMessage(
        "There is nothing at this address.",
        "Il n'y a rien à cette adresse.",
    ),
    "method_not_allowed": LocalizedMessage(
        "This address does not take this method.",
        "Cette adresse n'accepte pas cette méthode.",
    ),
    "unsupported_media_type": LocalizedMessage(
        "This address takes {expected}.",
        "Cette adresse accepte {expected}.",
    ),
    "not_acceptable": LocalizedMessage(
        "This address answers with {expected}; change the Accept header.",
        "Cette adresse répond en {expected} ; changez l'en-tête Accept.",
    ),
    "body_too_large": LocalizedMessage(
        "The body is larger than {limit} bytes; send less at a time.",
        "Le corps dépasse {limit} octets ; envoyez moins à la fois.",
    ),
    "url_too_long": LocalizedMessage(
        "The URL is longer than {limit} bytes; send long values in a body.",
        "L'URL dépasse {limit} octets ; envoyez les longues valeurs dans un corps.",
    ),
    "headers_too_large": LocalizedMessage(
        "The headers are larger than {limit} bytes in all; send fewer or shorter ones.",
        "Les en-têtes dépassent {limit} octets au total ; envoyez-en moins ou de plus courts.",
    ),
    "request_timeout.headers": LocalizedMessage(
        "The headers of the request did not arrive within {seconds} {seconds:second/seconds}; send the request again.",
        "Les en-têtes de la requête ne sont pas arrivés en {seconds} {seconds:seconde/secondes} ; renvoyez la requête.",
    ),
    "request_timeout.body": LocalizedMessage(
        "The body of the request arrives too slowly: {bytes} bytes so far; send it again, in smaller parts.",
        "Le corps de la requête arrive trop lentement : {bytes} octets jusqu'ici ; renvoyez-le, par parties.",
    ),
    "malformed_request": LocalizedMessage(
        "The request is not valid HTTP/1.1.",
        "La requête n'est pas du HTTP/1.1 valide.",
    ),
    "overloaded.requests": LocalizedMessage(
        "The service already handles as many requests as it can; try again in {seconds} {seconds:second/seconds}.",
        "Le service traite déjà autant de requêtes qu'il le peut ; réessayez dans {seconds} "
        "{seconds:seconde/secondes}.",
    ),
    "precondition_required": LocalizedMessage(
        "Send If-Match with the version that you read, so that nobody's change is lost.",
        "Envoyez If-Match avec la version lue, afin de ne perdre la modification de personne.",
    ),
    "precondition_failed": LocalizedMessage(
        "The current version is {current}, not {sent}; read it again and repeat your change.",
        "La version actuelle est {current}, et non {sent} ; relisez et refaites votre modification.",
    ),
    "conflict": LocalizedMessage(
        "Somebody else changed this at the same time; read it again and repeat your change.",
        "Quelqu'un d'autre l'a modifié au même moment ; relisez et refaites votre modification.",
    ),
    "unavailable": LocalizedMessage(
        "The service cannot answer right now ({reason}); try again in a moment.",
        "Le service ne peut pas répondre pour l'instant ({reason}) ; réessayez dans un instant.",
    ),
    "state_unreadable": LocalizedMessage(
        "This release cannot read stored data that this request needs. An operator finds the reason at GET /readyz and "
        "has to repair them.",
        "Cette version ne peut pas lire des données enregistrées dont cette requête a besoin. Un opérateur en trouve "
        "la raison par GET /readyz et doit les réparer.",
    ),
    "state_unreadable.entry": LocalizedMessage(
        "This release cannot read what the snapshot stores about {object}, so it shows nothing about it. An operator "
        "has to repair it.",
        "Cette version ne peut pas lire ce que l'instantané contient sur {object} et ne montre donc rien à ce sujet. "
        "Un opérateur doit le réparer.",
    ),
    "unavailable.unconfirmed": LocalizedMessage(
        "The service did not confirm this change: it may or may not have been applied. Read the current state before "
        "you send the change again.",
        "Le service n'a pas confirmé cette modification : elle a pu être appliquée ou non. Relisez l'état actuel avant "
        "de renvoyer la modification.",
    ),
    "internal_error": LocalizedMessage(
        "Something failed on our side; the request id helps us find it.",
        "Une erreur est survenue de notre côté ; l'identifiant de requête nous aide à la retrouver.",
    ),
    "unknown_tenant": LocalizedMessage(
        "The tenant {tenant} does not exist or is suspended; an operator can create or reactivate it with PUT "
        "/v1/tenants/{tenant}.",
        "Le locataire {tenant} n'existe pas ou est suspendu ; un opérateur peut le créer ou le réactiver par PUT "
        "/v1/tenants/{tenant}.",
    ),
}
