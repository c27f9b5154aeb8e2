"""What Calendly is called here, and how it is connected."""

from typing import Final

from crosslook.integrations.calendly.fold import CREATE_CONTACTS
from crosslook.integrations.interface import DisabledAfter, IntegrationManifest

CALENDLY_MANIFEST: Final = IntegrationManifest(
    kind="calendly",
    labels={"en": "Calendly", "fr": "Calendly"},
    object="calendly_booking",
    options={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            CREATE_CONTACTS: {
                "type": "boolean",
                "default": False,
                "title": "Create contacts",
                "description": "Create a contact for each invitee, or complete the one with that e-mail address.",
                "x-fr": {
                    "title": "Créer les contacts",
                    "description": "Créer un contact pour chaque invité, ou compléter celui qui a son adresse e-mail.",
                },
            }
        },
    },
    signed_by={
        "en": "HMAC-SHA256 with the signing key of the webhook subscription, in the header Calendly-Webhook-Signature. "
        "Calendly does not show the key again, so choose it yourself when you create the subscription.",
        "fr": "HMAC-SHA256 avec la clé de signature de l'abonnement webhook, dans l'en-tête "
        "Calendly-Webhook-Signature. Calendly n'affiche plus la clé ensuite : choisissez-la vous-même en créant "
        "l'abonnement.",
    },
    answers={
        "en": "Calendly repeats a message for 24 hours until the answer is 2xx. Then it disables the subscription "
        "without a notice, and a new one must be created.",
        "fr": "Calendly répète un message pendant 24 heures jusqu'à une réponse 2xx. Ensuite, il désactive "
        "l'abonnement sans avertir, et il faut en créer un nouveau.",
    },
    limit=DisabledAfter(hours=24),
)
