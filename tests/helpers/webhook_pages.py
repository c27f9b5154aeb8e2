"""The worked examples of docs/how-to/connect-any-webhook.md, as a reader of the page has them."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crosslook.contracts.schemas import Definition
from crosslook.integrations.catalog import integrations
from crosslook.integrations.interface import Connection, MessageOrigin, WebhookMessage
from services.schema_service.domain.definition import Limits, parse_definition
from tests.architecture.sources import ROOT

PAGE = "docs/how-to/connect-any-webhook.md"
GENERIC = integrations()["generic"]


@dataclass(frozen=True)
class WebhookExample:
    """One section: the object, the body that connects it, a message, and the record that it makes."""

    name: str
    definition: Definition
    connected: dict[str, Any]
    headers: dict[str, str]
    body: bytes
    record: str
    made: dict[str, Any]

    @property
    def options(self) -> dict[str, Any]:
        """The options of the connection."""
        options: dict[str, Any] = self.connected["options"]
        return options

    @property
    def secret(self) -> str:
        """What the vendor signs with."""
        secret: str = self.connected["signing_secret"]
        return secret

    def connection(self, **options: Any) -> Connection:
        """The connection, with some options changed."""
        return Connection(self.name, self.options["object"], {**self.options, **options}, self.definition)

    def message(self, body: bytes | None = None, received_ms: int = 0, **headers: str) -> WebhookMessage:
        """The message, or one with another body or other headers."""
        kept = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        body = self.body if body is None else body
        return WebhookMessage(body, kept, MessageOrigin.WEBHOOK, received_ms, self.connection())

    def changed(self, change: dict[str, Any]) -> bytes:
        """The body with some of its members changed, as JSON."""
        return json.dumps(_changed(json.loads(self.body), change)).encode()


def _changed(value: Any, change: Any) -> Any:
    if not isinstance(change, dict) or not isinstance(value, dict):
        return change
    return {**value, **{name: _changed(value.get(name), part) for name, part in change.items()}}


def examples() -> dict[str, WebhookExample]:
    """By the name that the page connects them under."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```(?:json|http)\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
        if len(blocks) == 4:
            example = _example(section.partition(":")[0].lower(), section, blocks)
            found[example.name] = example
    return found


def _example(name: str, section: str, blocks: list[str]) -> WebhookExample:
    parsed = parse_definition(json.loads(blocks[0]), Limits(200, 10, 500))
    assert parsed.definition is not None, list(parsed.problems)
    head, _, body = blocks[2].partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.splitlines())
    kept = {header.lower(): value for header, value in headers.items() if value != "(signature)"}
    (record,) = re.findall(r"makes the record `(\S+)`", section)
    connected = json.loads(blocks[1])
    return WebhookExample(
        name, parsed.definition, connected, kept, body.strip().encode(), record, json.loads(blocks[3])
    )


def signed_headers(example: WebhookExample, body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """The headers of a message as the vendor's documentation says that it is signed, without any code of ours."""
    key = secret.encode()
    if example.name == "shopify":
        signature = base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
        return {**example.headers, "x-shopify-hmac-sha256": signature}
    if example.name == "github":
        return {**example.headers, "x-hub-signature-256": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"}
    seconds = int(at.timestamp())
    signature = hmac.new(key, f"{seconds}.{body.decode()}".encode(), hashlib.sha256).hexdigest()
    return {**example.headers, "stripe-signature": f"t={seconds},v1={'0' * 64},v1={signature},v0=abc"}
