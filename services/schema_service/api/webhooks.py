"""The route that vendors post to, and what they are answered: each answer decides whether a vendor tries again."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from crosslook.contracts.integrations import header_text
from crosslook.integrations.interface import VendorHeaders
from crosslook.platform.errors import AppError, Unavailable
from crosslook.platform.openapi import refused_with
from crosslook.platform.responses import json_response, problem_response
from services.schema_service.integrations.webhooks import WebhookIntake, signature_refused

PREFIX = "/v1/webhooks/"
_RETRY_SECONDS = 30
"""Zendesk tries again only where it is told to within a minute."""
_ANY_BODY = {"requestBody": {"required": False, "content": {"*/*": {"schema": {}}}}}
_PLAIN = frozenset({401, 404, 405})
"""Answered as they are. Wrong addresses and methods: who sets up a webhook must see them."""
_TEMPORARY = frozenset({429, 503})


class WebhookBody(BaseModel):
    """The message is stored."""

    accepted: int = Field(description="Always 1.")


def webhooks_router(intake: WebhookIntake) -> APIRouter:
    """The route under /v1. It needs no token: the vendor's signature says who calls."""
    api = APIRouter(prefix="/v1", tags=["integrations"])

    @api.post(
        "/webhooks/{tenant}/{name}",
        summary="Take a vendor's message",
        status_code=202,
        responses={202: {"model": WebhookBody}, **refused_with(401, 429, 503)},
        openapi_extra=_ANY_BODY,
    )
    async def take_webhook(tenant: str, name: str, request: Request) -> Response:
        """For vendors: the URL of a connected integration, which its `webhook_path` shows. The body is taken as it is,
        of whatever type, up to 5 MiB; what cannot be mapped is quarantined later, and never refused here.

        202 once the broker has the message. 401 for a wrong signature, and likewise where nothing is connected. 429
        beyond the tenant's quota and 503 while the message cannot be stored, both with `Retry-After: 30`."""
        await intake.take(tenant, name, vendor_headers(request), await request.body())
        return json_response(WebhookBody(accepted=1), 202)

    return api


def vendor_headers(request: Request) -> VendorHeaders:
    """The headers by their names in lower case; one that occurs several times with its values in a row (RFC 9110)."""
    headers: dict[str, str] = {}
    for raw_name, raw in request.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), header_text(raw)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def refuse_call(request: Request, error: AppError) -> Response:
    """The answer to a refused call, as vendors need it where it is one of theirs."""
    return problem_response(request, vendor_refusal(error) if request.url.path.startswith(PREFIX) else error)


def vendor_refusal(error: AppError) -> AppError:
    """A refusal of a webhook: 401, 429 or 503, whatever went wrong, and never a status that a vendor takes for final.

    A body beyond the limit is answered like a wrong signature, which nobody has checked then."""
    if error.status in _PLAIN:
        return error
    if error.problem.code == "body_too_large":
        return signature_refused()
    headers = {"Retry-After": str(_RETRY_SECONDS)}
    if error.status in _TEMPORARY:
        return AppError(error.problem, status=error.status, headers=headers)
    return Unavailable(error.problem.code, _RETRY_SECONDS)
