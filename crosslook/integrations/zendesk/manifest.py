"""What the Zendesk integration is called, how Zendesk signs and retries, and the options of a connection."""

from typing import Any

from crosslook.contracts.ids import SLUG
from crosslook.integrations.interface import CircuitBreaker, IntegrationManifest
from crosslook.integrations.zendesk.custom_fields import CUSTOM_TYPES
from crosslook.integrations.zendesk.definition import TICKET_OBJECT
from crosslook.integrations.zendesk.signature import ZENDESK_TIMESTAMP

CUSTOM_FIELDS_MAX = 100
NAMES_MAX = 5_000


def _titles(title: str, title_fr: str, description: str, description_fr: str) -> dict[str, Any]:
    french = {"title": title_fr, "description": description_fr}
    return {"title": title, "description": description, "x-fr": french}


def _names(title: str, title_fr: str) -> dict[str, Any]:
    return {
        **_titles(
            title,
            title_fr,
            "Names by id: the field shows the name in place of the id.",
            "Noms par identifiant : le champ affiche le nom à la place de l'identifiant.",
        ),
        "type": "object",
        "maxProperties": NAMES_MAX,
        "propertyNames": {"pattern": "^[0-9]{1,30}$"},
        "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 200},
    }


_CUSTOM_FIELD: dict[str, Any] = {
    **_titles(
        "Custom field",
        "Champ personnalisé",
        "A custom field of tickets, and the field of the object that shows it.",
        "Un champ personnalisé des tickets, et le champ de l'objet qui l'affiche.",
    ),
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "slug", "label", "type"],
    "properties": {
        "id": {
            **_titles(
                "Field id",
                "Identifiant du champ",
                "The number of the field in Zendesk's Admin Center.",
                "Le numéro du champ dans le Centre d'administration de Zendesk.",
            ),
            "type": "string",
            "pattern": "^[0-9]{1,30}$",
        },
        "slug": {
            **_titles(
                "Slug",
                "Identifiant dans Crosslook",
                "The name of the field in reports.",
                "Le nom du champ dans les rapports.",
            ),
            "type": "string",
            "pattern": SLUG.pattern.replace("\\Z", "$"),
        },
        "label": {
            **_titles("Label", "Libellé", "What people see.", "Ce que les gens voient."),
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
        },
        "type": {
            **_titles(
                "Type",
                "Type",
                "The type of the field; a value of another type is left empty.",
                "Le type du champ ; une valeur d'un autre type reste vide.",
            ),
            "type": "string",
            "enum": [kind.value for kind in CUSTOM_TYPES],
        },
    },
}

_OPTIONS: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "custom_fields": {
            **_titles(
                "Custom fields",
                "Champs personnalisés",
                "Custom fields of tickets to report on.",
                "Champs personnalisés des tickets à utiliser dans les rapports.",
            ),
            "type": "array",
            "maxItems": CUSTOM_FIELDS_MAX,
            "items": _CUSTOM_FIELD,
        },
        "names": {
            **_titles(
                "Names",
                "Noms",
                "Events carry ids; here each id gets a name.",
                "Les événements contiennent des identifiants ; donnez ici un nom à chacun.",
            ),
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "assignee": _names("Agents", "Agents"),
                "group": _names("Groups", "Groupes"),
                "organization": _names("Organizations", "Organisations"),
                "brand": _names("Brands", "Marques"),
                "custom_status": _names("Custom statuses", "Statuts personnalisés"),
            },
        },
    },
}

ZENDESK_MANIFEST = IntegrationManifest(
    kind="zendesk",
    labels={"en": "Zendesk", "fr": "Zendesk"},
    object=TICKET_OBJECT,
    options=_OPTIONS,
    signed_by={
        "en": "The header X-Zendesk-Webhook-Signature: base64 of HMAC-SHA256 over the header "
        "X-Zendesk-Webhook-Signature-Timestamp followed by the body, with the webhook's signing secret.",
        "fr": "L'en-tête X-Zendesk-Webhook-Signature : base64 de HMAC-SHA256 sur l'en-tête "
        "X-Zendesk-Webhook-Signature-Timestamp suivi du corps, avec le secret de signature du webhook.",
    },
    answers={
        "en": "Zendesk delivers again after 503 with Retry-After below 60 seconds, after 429 with it, after 409 and "
        "after a time-out. Any other error loses the message. Above 70 % of errors within 5 minutes it pauses, and "
        "what falls into the pause is lost.",
        "fr": "Zendesk renvoie le message après 503 avec un Retry-After inférieur à 60 secondes, après 429 avec lui, "
        "après 409 et après un dépassement de délai. Toute autre erreur perd le message. Au-delà de 70 % d'erreurs en "
        "5 minutes, il fait une pause, et ce qui tombe dans la pause est perdu.",
    },
    headers=(ZENDESK_TIMESTAMP,),
    limit=CircuitBreaker(share=0.7, least=100, errors=1_000, seconds=300),
)
