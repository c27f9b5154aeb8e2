"""What the catalog says of objects that reports do not show, or do not show yet."""

from pydantic import BaseModel, Field

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language
from crosslook.contracts.schemas import Definition
from services.query_service.domain.pending import Pending, PendingChange, PendingPart


class PendingPartBody(BaseModel):
    """A field or a relationship to contact that comes or goes; `type` is that of the field, or `relationship`."""

    name: str
    label: str
    type: str


class PendingBody(BaseModel):
    """A change that reports will show: `created`, `changed` (with what is `added` and `removed`) or
    `deleted`."""

    object: str
    label: str
    change: PendingChange
    start: str = Field(alias="from")
    reportable: bool = Field(description="Whether the object has a relationship to contact after the change.")
    added: list[str] | None = None
    removed: list[str] | None = None
    added_fields: list[PendingPartBody] | None = Field(None, description="What `added` names, with labels.")
    removed_fields: list[PendingPartBody] | None = Field(None, description="What `removed` names, with labels.")


class NotReportableBody(BaseModel):
    """An object that cannot be reported on."""

    object: str
    label: str
    reason: str


def pending_body(change: Pending, due: str) -> PendingBody:
    """A change; `due` is when it arrives."""
    body = PendingBody(
        object=change.object,
        label=change.label,
        change=change.change,
        reportable=change.reportable,
        **{"from": due},
    )
    if change.change == "changed":
        body.added = [part.name for part in change.added]
        body.removed = [part.name for part in change.removed]
        body.added_fields = [_part(part) for part in change.added]
        body.removed_fields = [_part(part) for part in change.removed]
    return body


def not_reportable_body(definition: Definition, language: Language) -> NotReportableBody:
    """An object without a relationship to contact, and what to do about it."""
    reason = MESSAGES["not_reportable.report"].render(language, {"object": definition.object})
    return NotReportableBody(object=definition.object, label=definition.labels.plural, reason=reason)


def _part(part: PendingPart) -> PendingPartBody:
    return PendingPartBody(name=part.name, label=part.label, type=part.type)
