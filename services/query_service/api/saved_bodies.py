"""Looks as the API shows and takes them, and what every kind of saved report shares in that."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from crosslook.contracts.reports import Look
from crosslook.platform.http import decode_page_token, encode_page_token, page
from crosslook.platform.preconditions import etag
from services.query_service.api.responses import json_response
from services.query_service.api.result_bodies import report_schema
from services.query_service.domain.saved import CHART_MEMBERS_MAX, DESCRIPTION_MAX, SAVED_NAME_MAX
from services.query_service.saved.store import S, place_of


class SavedBody(BaseModel):
    """What a Look and a dashboard have in common."""

    id: str
    version: int
    name: str
    description: str
    created_at: datetime
    updated_at: datetime


class LookBody(SavedBody):
    """A saved report; `request` as it was sent."""

    model_config = ConfigDict(title="Look")

    request: dict[str, Any]
    chart: dict[str, Any] | None


class LookSummary(SavedBody):
    """A Look as a list shows it: what its request is about and how it is shown, without the request."""

    object: str
    chart_type: str | None


class LookPage(BaseModel):
    """One page of Looks, by name, without their requests."""

    items: list[LookSummary]
    next_page_token: str | None


def look_body(look: Look) -> dict[str, Any]:
    """One Look (`LookBody`)."""
    return {**saved_body(look), "request": look.request, "chart": look.chart}


def look_summary(look: Look) -> dict[str, Any]:
    """One Look in a list (`LookSummary`)."""
    chart = look.chart.get("type") if look.chart is not None else None
    return {**saved_body(look), "object": look.request.get("object"), "chart_type": chart}


def saved_body(report: S) -> dict[str, Any]:
    """What every saved report shows (`SavedBody`)."""
    return {name: getattr(report, name) for name in SavedBody.model_fields}


def saved_answer(report: S, body: dict[str, Any], status: int = 200, **headers: str) -> Response:
    """One saved report, with its version as entity tag."""
    return json_response(body, status, {"ETag": etag(report.version), **headers})


def saved_page(reports: list[S], size: int, token: str | None, body: Callable[[S], dict[str, Any]]) -> Response:
    """One page of reports that are in the order of `place_of`. Raises AppError `bad_page_token`."""
    after = decode_page_token(token, str, str) or ("", "")
    left = [one for one in reports if place_of(one) > after]
    found = page(left, size, lambda one: encode_page_token(*place_of(one)))
    return json_response({**found, "items": [body(one) for one in found["items"]]})


NAMED: dict[str, Any] = {
    "name": {"type": "string", "minLength": 1, "maxLength": SAVED_NAME_MAX},
    "description": {"type": "string", "maxLength": DESCRIPTION_MAX, "default": ""},
}
CHART: dict[str, Any] = {
    "type": "object",
    "description": f"How it is shown: a type, and options as the page keeps them; at most {CHART_MEMBERS_MAX} members.",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "options": {"type": "object"}},
}


def takes(required: list[str], **properties: Any) -> dict[str, Any]:
    """Documents a body that we read ourselves, so that every problem with it is answered at once."""
    schema = {"type": "object", "required": required, "properties": properties, "additionalProperties": False}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def takes_look() -> dict[str, Any]:
    """Documents the body of a Look."""
    return takes(["name", "request"], **NAMED, request=report_schema(), chart=CHART)
