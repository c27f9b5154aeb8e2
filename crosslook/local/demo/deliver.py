"""Connects the demonstration's vendors and posts their messages to the real webhooks, signed as the vendors sign."""

import asyncio
import base64
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

import httpx

from crosslook.local.client import Api, ApiError, problem_text
from crosslook.local.demo.calendly_account import calendly_signature
from crosslook.local.demo.schemas import TENANTS
from crosslook.local.demo.vendors import CALENDLY, VENDORS, PostedMessage, VendorStory

_AT_ONCE: Final = 8

SigningSecrets = Mapping[tuple[str, str], str]
"""By tenant and vendor."""
ReportDelivered = Callable[[int], None]
"""Told how many more messages were accepted."""


async def connect_vendors(api: Api) -> SigningSecrets:
    """Connect both vendors for each tenant, with new secrets. Raises ApiError."""
    made = {(tenant, vendor): secrets.token_urlsafe(32) for tenant in TENANTS for vendor in VENDORS}
    for (tenant, vendor), secret in made.items():
        body = {"kind": vendor, "signing_secret": secret}
        await api.send("PUT", f"/v1/tenants/{tenant}/integrations/{vendor}", body)
    return made


async def deliver(story: VendorStory, base_url: str, signing: SigningSecrets, progress: ReportDelivered) -> None:
    """Post every message, several at once and without a token, as vendors do. Raises ApiError unless each is answered
    202."""
    left = iter(story.messages)
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=60) as client:

        async def post() -> None:
            for message in left:
                headers = signed_headers(message, signing[message.tenant, message.vendor], datetime.now(UTC))
                await _post(client, message, headers)
                progress(1)

        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(post())


def signed_headers(message: PostedMessage, secret: str, now: datetime) -> dict[str, str]:
    """The headers that the vendor sends with a message, signature included."""
    if message.vendor == CALENDLY:
        signature = {"Calendly-Webhook-Signature": calendly_signature(message.body, now, secret)}
    else:
        timestamp = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hmac.digest(secret.encode(), timestamp.encode() + message.body, "sha256")
        signature = {
            "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
            "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
        }
    return {"Content-Type": "application/json", **signature}


async def _post(client: httpx.AsyncClient, message: PostedMessage, headers: Mapping[str, str]) -> None:
    try:
        answer = await client.post(
            f"/v1/webhooks/{message.tenant}/{message.vendor}", content=message.body, headers=headers
        )
    except httpx.HTTPError as error:
        raise ApiError("service_silent", url=str(client.base_url), reason=type(error).__name__) from error
    if answer.status_code != httpx.codes.ACCEPTED:
        raise ApiError("service_refused", text=problem_text(answer))
