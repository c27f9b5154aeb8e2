"""Sentences of `crosslook backfill`."""

from crosslook.contracts.messages.base import LocalizedMessage

BACKFILL: dict[str, LocalizedMessage] = {
    "help_backfill": LocalizedMessage(
        "Read a vendor's history from its export API into an integration. Repeat the command after an interruption: it "
        "continues where it stopped, and a page that is read twice changes nothing.",
        "Lire l'historique d'un fournisseur par son API d'export dans une intégration. Après une interruption, répétez "
        "la commande : elle reprend où elle s'est arrêtée, et une page lue deux fois ne change rien.",
    ),
    "help_vendor": LocalizedMessage("Vendor: zendesk or calendly.", "Fournisseur : zendesk ou calendly."),
    "help_backfill_tenant": LocalizedMessage("Tenant of the integration.", "Locataire de l'intégration."),
    "help_vendor_url": LocalizedMessage(
        "Address of the vendor's API: https://<account>.zendesk.com or https://api.calendly.com.",
        "Adresse de l'API du fournisseur : https://<compte>.zendesk.com ou https://api.calendly.com.",
    ),
    "help_vendor_token": LocalizedMessage(
        "Token for the vendor's API; for an API token of Zendesk, <e-mail>/token:<token>. The environment variable "
        "CROSSLOOK_VENDOR_TOKEN keeps it out of the list of processes and of the history of the shell.",
        "Jeton pour l'API du fournisseur ; pour un jeton d'API de Zendesk, <e-mail>/token:<jeton>. La variable "
        "d'environnement CROSSLOOK_VENDOR_TOKEN l'évite dans la liste des processus et l'historique du shell.",
    ),
    "help_integration_name": LocalizedMessage(
        "The tenant's name for the integration; default: the vendor.",
        "Nom de l'intégration chez le locataire ; par défaut : le fournisseur.",
    ),
    "help_backfill_start": LocalizedMessage(
        "Read what changed (Zendesk) or takes place (Calendly) since this date or instant; default: everything, or a "
        "year for Calendly.",
        "Lire ce qui a changé (Zendesk) ou a lieu (Calendly) depuis cette date ou cet instant ; par défaut : tout, ou "
        "un an pour Calendly.",
    ),
    "help_restart": LocalizedMessage(
        "Begin again, wherever the last run stopped.",
        "Recommencer, où que la dernière exécution se soit arrêtée.",
    ),
    "backfill_reading": LocalizedMessage("{name}: {done} items", "{name} : {done} éléments"),
    "backfill_continues": LocalizedMessage(
        "{name} continues where the last run stopped (start: {start})",
        "{name} reprend où la dernière exécution s'est arrêtée (début : {start})",
    ),
    "backfill_limited": LocalizedMessage(
        "The vendor limits requests; the next one is in {seconds} s",
        "Le fournisseur limite les requêtes ; la prochaine part dans {seconds} s",
    ),
    "backfill_waits": LocalizedMessage(
        "The vendor does not answer as it should; the next attempt is in {seconds} s",
        "Le fournisseur ne répond pas comme prévu ; nouvel essai dans {seconds} s",
    ),
    "backfill_cursor_expired": LocalizedMessage(
        "The vendor does not know the cursor of the last run any more; reading from the start again",
        "Le fournisseur ne connaît plus le curseur de la dernière exécution ; lecture depuis le début",
    ),
    "backfill_done": LocalizedMessage(
        "{name}: {accepted} {accepted:item was/items were} accepted and {refused} refused, from {pages} "
        "{pages:page/pages}. Reports show them after the next refresh.",
        "{name} : {accepted} {accepted:élément accepté/éléments acceptés} et {refused} {refused:refusé/refusés}, sur "
        "{pages} {pages:page/pages}. Les rapports les montrent après le prochain rafraîchissement des données.",
    ),
    "backfill_runs": LocalizedMessage(
        "Another back-fill of this integration is running ({path}); wait for it or end it.",
        "Une autre lecture de l'historique de cette intégration est en cours ({path}) ; attendez-la ou arrêtez-la.",
    ),
    "backfill_other_vendor": LocalizedMessage(
        "{name} is connected to {kind}, not to {vendor}; name the connection of {vendor} with --name.",
        "{name} est relié à {kind}, et non à {vendor} ; nommez la connexion de {vendor} avec --name.",
    ),
    "vendor_token_missing": LocalizedMessage(
        "The vendor's token is missing: set CROSSLOOK_VENDOR_TOKEN, or use --token.",
        "Le jeton du fournisseur manque : définissez CROSSLOOK_VENDOR_TOKEN, ou utilisez --token.",
    ),
    "vendor_url_open": LocalizedMessage(
        "{url} does not begin with https://; the token would be readable on its way.",
        "{url} ne commence pas par https:// ; le jeton serait lisible en chemin.",
    ),
    "vendor_silent": LocalizedMessage(
        "{host} failed again and again ({reason}). Repeat the command later: it continues where it stopped.",
        "{host} échoue à répétition ({reason}). Répétez la commande plus tard : elle reprendra où elle s'est arrêtée.",
    ),
    "vendor_waits": LocalizedMessage(
        "{host} limits requests for the next {minutes} minutes. Repeat the command then: it continues where it "
        "stopped.",
        "{host} limite les requêtes pendant {minutes} minutes. Répétez la commande ensuite : elle reprendra où elle "
        "s'est arrêtée.",
    ),
    "vendor_forbids": LocalizedMessage(
        "{host} refuses the token (HTTP {status}): it is wrong, expired, or may not read exports.",
        "{host} refuse le jeton (HTTP {status}) : il est faux, expiré, ou n'a pas le droit de lire les exports.",
    ),
    "vendor_refuses": LocalizedMessage(
        "{host} refuses the request (HTTP {status}). Check --url and --start.",
        "{host} refuse la requête (HTTP {status}). Vérifiez --url et --start.",
    ),
    "vendor_shape": LocalizedMessage(
        "The vendor's answer is not the documented export: {place} is missing or wrong. Check --url.",
        "La réponse du fournisseur n'est pas l'export documenté : {place} manque ou est faux. Vérifiez --url.",
    ),
    "start_unreadable": LocalizedMessage(
        "{text} is not a date (2026-11-01) or an instant with an offset (2026-11-01T10:00:00Z).",
        "{text} n'est pas une date (2026-11-01) ni un instant avec un décalage (2026-11-01T10:00:00Z).",
    ),
}
