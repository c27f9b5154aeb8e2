"""Sentences about sessions of the page."""

from crosslook.contracts.messages.base import LocalizedMessage

PAGE_MESSAGES: dict[str, LocalizedMessage] = {
    "session_expired": LocalizedMessage(
        "Your session has expired; sign in again.",
        "Votre session a expiré ; connectez-vous de nouveau.",
    ),
    "sign_in_code_invalid": LocalizedMessage(
        "This sign-in link was already used or has expired; ask for a new one with crosslook open.",
        "Ce lien de connexion a déjà servi ou a expiré ; demandez-en un nouveau avec crosslook open.",
    ),
    "not_from_page": LocalizedMessage(
        "Calls under /api come from the page, on its own origin, and name their session in X-Crosslook-Session; "
        "programs call /v1 with a bearer token.",
        "Les appels sous /api viennent de la page, depuis sa propre origine, et nomment leur session dans "
        "X-Crosslook-Session ; les programmes appellent /v1 avec un jeton.",
    ),
}
