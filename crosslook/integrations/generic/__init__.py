"""Any vendor's signed JSON webhook, by options: no code of its own (docs/how-to/connect-any-webhook.md)."""

from crosslook.contracts.schemas import Definition
from crosslook.integrations.generic.checks import check_against_object, check_options
from crosslook.integrations.generic.facts import webhook_facts
from crosslook.integrations.generic.fold import fold_messages
from crosslook.integrations.generic.mapping import mapped_headers
from crosslook.integrations.generic.options_schema import mapping_options
from crosslook.integrations.generic.signature_schema import SIGNATURE_SCHEMA
from crosslook.integrations.generic.signatures import verify_by_options
from crosslook.integrations.interface import Integration, IntegrationManifest, JsonObject


def _object_of_the_tenant(slug: str, options: JsonObject) -> Definition | None:
    return None


INTEGRATION = Integration(
    manifest=IntegrationManifest(
        kind="generic",
        labels={"en": "Any webhook (JSON)", "fr": "Webhook quelconque (JSON)"},
        object=None,
        options=mapping_options(SIGNATURE_SCHEMA),
        signed_by={
            "en": "HMAC of the body, in the header that the option signature names.",
            "fr": "HMAC du corps, dans l'en-tête que nomme l'option signature.",
        },
        answers={
            "en": "202 once the message is stored. Vendors that repeat refused messages lose none.",
            "fr": "202 dès que le message est stocké. Un fournisseur qui répète les messages refusés n'en perd aucun.",
        },
    ),
    verify=verify_by_options,
    define=_object_of_the_tenant,
    facts=webhook_facts,
    fold=fold_messages,
    check=check_options,
    headers=mapped_headers,
    suits=check_against_object,
)
