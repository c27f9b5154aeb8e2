"""The model of answers about saved reports that would lose something."""

from pydantic import BaseModel

from crosslook.contracts.report_uses import Impact
from crosslook.contracts.reports import SavedKind


class ImpactBody(BaseModel):
    """A saved report that a removal would affect."""

    kind: SavedKind
    id: str
    name: str
    loses: list[str]


def impact_body(impact: Impact) -> ImpactBody:
    """What one report would lose."""
    return ImpactBody(kind=impact.kind, id=impact.id, name=impact.name, loses=list(impact.loses))
