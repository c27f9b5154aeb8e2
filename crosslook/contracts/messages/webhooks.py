"""Sentences about vendors' messages that wait in quarantine, or whose records cannot be computed."""

from crosslook.contracts.messages.base import LocalizedMessage

WEBHOOK_PROBLEMS: dict[str, LocalizedMessage] = {
    "not_connected": LocalizedMessage(
        "The tenant has no integration called {name}. Connect it, then replay the message.",
        "Le locataire n'a aucune intégration nommée {name}. Connectez-la, puis rejouez le message.",
    ),
    "not_connected.unreadable": LocalizedMessage(
        "The stored state of the integration {name} cannot be read. Repair it, then replay the message.",
        "L'état enregistré de l'intégration {name} est illisible. Réparez-le, puis rejouez le message.",
    ),
    "unknown_integration.release": LocalizedMessage(
        "This release has no integration {name}. Run a release that has it, then replay the message.",
        "Cette version n'a pas d'intégration {name}. Installez une version qui la possède, puis rejouez le message.",
    ),
    "mapping_failed": LocalizedMessage(
        "The integration {integration} failed on this message; this is a fault of Crosslook. Install a release that "
        "corrects it, then replay the message.",
        "L'intégration {integration} a échoué sur ce message ; c'est un défaut de Crosslook. Installez une version qui "
        "le corrige, puis rejouez le message.",
    ),
    "fold_refused": LocalizedMessage(
        "The integration {integration} failed to compute the record of this message; this is a fault of Crosslook. "
        "Install a release that corrects it, then replay the message.",
        "L'intégration {integration} n'a pas pu calculer l'enregistrement de ce message ; c'est un défaut de "
        "Crosslook. Installez une version qui le corrige, puis rejouez le message.",
    ),
    "fold_refused.facts": LocalizedMessage(
        "More than {limit} facts are known about the record of this message, or about the records related to it, so it "
        "is not computed any more. Check which value names the record.",
        "Plus de {limit} faits sont connus de l'enregistrement de ce message ou des enregistrements liés ; il n'est "
        "donc plus calculé. Vérifiez quelle valeur désigne l'enregistrement.",
    ),
    "fold_refused.size": LocalizedMessage(
        "The record of this message is larger than {limit} bytes.",
        "L'enregistrement de ce message dépasse {limit} octets.",
    ),
    "unreadable.webhook_key": LocalizedMessage(
        "The key of the message does not name a tenant and an integration; Crosslook did not write it.",
        "La clé du message n'indique ni locataire ni intégration ; il n'a pas été écrit par Crosslook.",
    ),
}
