"""The routes of a tenant's settings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from crosslook.contracts.problems import Language
from crosslook.contracts.tenant_settings import TenantDefaults, TenantSettings, WeekStart
from crosslook.platform.auth import authorize
from crosslook.platform.bodies import read_json
from crosslook.platform.openapi import takes_body
from crosslook.platform.preconditions import IfMatch, etag
from crosslook.platform.responses import json_response
from services.schema_service.tenant_settings import SettingsRegistry, SettingsView

Effective = Annotated[
    bool, Query(description="Show what applies: the deployment's value in place of what the tenant has not set.")
]


class SettingsBody(BaseModel):
    """A tenant's settings. Null, or left out of a request: the deployment's value applies."""

    model_config = ConfigDict(title="TenantSettings")

    timezone: str | None = Field(
        None,
        description="IANA time zone in which reports read instants. The deployment's is `CROSSLOOK_REFRESH__TIMEZONE`.",
        examples=["Europe/Paris"],
    )
    week_start: WeekStart | None = Field(
        None, description="The day on which weeks of reports begin. The deployment's is Monday."
    )
    language: Language | None = Field(
        None,
        description="Language of messages, labels and files where the request accepts none of ours. The deployment's "
        "is English.",
    )


def settings_router(registry: SettingsRegistry) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["tenants"])

    @api.get(
        "/tenants/{tenant}/settings",
        summary="Read a tenant's settings",
        dependencies=[Depends(authorize("schemas:read"))],
        responses={200: {"model": SettingsBody}},
    )
    async def get_settings(tenant: str, effective: Effective = False) -> Response:
        """Before the first PUT all are null, and the ETag is `"0"`."""
        return settings_answer(registry.get(tenant), effective=effective)

    @api.put(
        "/tenants/{tenant}/settings",
        summary="Replace a tenant's settings",
        dependencies=[Depends(authorize("schemas:write"))],
        responses={200: {"model": SettingsBody}},
        openapi_extra=takes_body(SettingsBody),
    )
    async def put_settings(tenant: str, request: Request, if_match: IfMatch = None) -> Response:
        """They apply at once, to saved reports as well. Send all of them: what is left out or null follows the
        deployment."""
        return settings_answer(await registry.put(tenant, await read_json(request), if_match))

    return api


def settings_answer(view: SettingsView, *, effective: bool = False) -> Response:
    """What is set, or with `effective` what applies; the version of what is set as entity tag."""
    shown: TenantSettings | TenantDefaults = view.applied if effective else view.settings
    body = SettingsBody(timezone=shown.timezone, week_start=shown.week_start, language=shown.language)
    return json_response(body, headers={"ETag": etag(view.version)})
