"""The documents of the reports topic: saved reports, and the claims that make their creation idempotent.

The topic is a log store. A saved report stands under `tenant/kind/id` until it is deleted.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from crosslook.contracts import exact_json
from crosslook.contracts.documents import parse_stored_json, read_parsed, unknown_type
from crosslook.contracts.schemas import Contract


class SavedKind(StrEnum):
    """What is saved."""

    LOOK = "look"
    DASHBOARD = "dashboard"


CLAIM = "claim"
"""The kind of the claims' keys."""


def report_key(tenant: str, kind: str, identity: str) -> str:
    """The key on the reports topic."""
    return f"{tenant}/{kind}/{identity}"


class Saved(Contract):
    """What a Look and a dashboard have in common. `version` grows by one with every change, from 1.

    `claim`: the identity of the claim that it was made under, None where its request had no Idempotency-Key.
    """

    tenant: str
    id: str
    version: Annotated[int, Field(ge=1)]
    name: str
    description: str = ""
    created_at: datetime
    updated_at: datetime
    claim: str | None = None

    def encode(self) -> bytes:
        """The value on the topic; its own members that are not set are left out, requests stay as they were sent."""
        body = _set(self.model_dump())
        if "tiles" in body:
            body["tiles"] = [_set(tile) for tile in body["tiles"]]
        return orjson.dumps(body, default=exact_json.number_fragment, option=orjson.OPT_UTC_Z)


class Shown(Contract):
    """How a saved report's JSON is read and shown.

    `relationship`: the one over which the contact joined when it was saved, where the request left it out. So a second
    relationship that the object gets later does not make the report ambiguous. `chart`: its `type`, and free options.
    """

    relationship: str | None = None
    chart: dict[str, Any] | None = None


class Look(Saved, Shown):
    """A saved report; `request` is the report request as it was sent (CONTRACTS 5)."""

    type: Literal["crosslook.look.saved.v1"] = "crosslook.look.saved.v1"
    request: dict[str, Any]

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return report_key(self.tenant, SavedKind.LOOK, self.id)


class Tile(Shown):
    """One place on a dashboard: a Look by its id, or a request of its own. `position`: whole numbers by name.
    `filter_fields`: the tile's field for a field of the dashboard's filters, null where these do not apply."""

    look: str | None = None
    request: dict[str, Any] | None = None
    position: dict[str, int] | None = None
    filter_fields: dict[str, str | None] | None = None


class Dashboard(Saved):
    """Tiles that are answered together, from one snapshot. `filters` (as in a request) apply where the field exists."""

    type: Literal["crosslook.dashboard.saved.v1"] = "crosslook.dashboard.saved.v1"
    tiles: tuple[Tile, ...] = ()
    filters: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return report_key(self.tenant, SavedKind.DASHBOARD, self.id)


class Claim(Contract):
    """Which id belongs to a request with an Idempotency-Key, decided before the report itself is written.

    `id`: a digest of kind and key. `digest`: the fingerprint of the request's body. `made`: the id of what it makes.
    """

    type: Literal["crosslook.report.claimed.v1"] = "crosslook.report.claimed.v1"
    tenant: str
    id: str
    digest: str
    made: str

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return report_key(self.tenant, CLAIM, self.id)

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(mode="json"))


OnReports = Look | Dashboard | Claim
_MODELS: dict[str, type[Look | Dashboard | Claim]] = {
    str(model.model_fields["type"].default): model for model in (Look, Dashboard, Claim)
}
REPORT_TYPES = tuple(_MODELS)
"""The types of values on the topic."""


def decode_report(value: bytes) -> OnReports:
    """What a value of the topic is. Raises UnreadableDocument."""
    sent = parse_stored_json(value)
    name = sent.get("type") if isinstance(sent, dict) else None
    model = _MODELS.get(name) if isinstance(name, str) else None
    if model is None:
        raise unknown_type(name)
    return read_parsed(model, sent)


def _set(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
