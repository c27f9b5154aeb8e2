"""The answer about one record: the models that document it, and how it is made of what was found."""

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from crosslook.contracts.problems import Language, Problem
from services.snapshot_service.domain.outcomes import Outcome
from services.snapshot_service.domain.record_facts import RecordFacts, RecordLink, RecordState, ShownEvent
from services.snapshot_service.quarantine.reading import explanation


class LinkAnswer(BaseModel):
    """A reference of the record to a contact. `contact`: the contact that it resolved to. `reason`: why it did not
    resolve, or why reports do not use it; null where they do."""

    relationship: str
    form: str = Field(description="`id`, `email` or `external`.")
    value: str
    contact: str | None
    reason: str | None
    message: str | None = Field(description="The reason as a sentence.")

    @classmethod
    def of(cls, link: RecordLink, language: Language) -> Self:
        """A link in the reader's language."""
        form = Problem("link", text=f"link_form.{link.form}").message(language) if link.reason == "no_contact" else ""
        reason = Problem(link.reason, text=f"link.{link.reason}", values={"form": form, "value": link.value})
        return cls(
            relationship=link.relationship,
            form=link.form,
            value=link.value,
            contact=link.contact,
            reason=link.reason or None,
            message=reason.message(language) if link.reason else None,
        )


class RecordPosition(BaseModel):
    """Where the event is in the topic `crosslook-records`: `GET /v1/ingest/messages/{partition}/{offset}` reads it."""

    partition: int
    offset: int


class RecordEventAnswer(BaseModel):
    """An event about the record. `type` and `time` are null where they could not be read."""

    id: str
    source: str
    type: str | None
    time: datetime | None
    received_at: datetime
    outcome: Outcome
    expected: Outcome | None = Field(
        description="Of an event that waits: what the next refresh will decide if nothing else arrives; null where "
        "the record has too many events to compare all of them."
    )
    code: str | None = Field(description="Why it was refused, or why it has this outcome where that needs a reason.")
    pointer: str | None = Field(description="Of a refused event: the place of the problem.")
    message: str | None = Field(description="The reason as a sentence.")
    position: RecordPosition
    quarantine_id: str | None = Field(description="Of a refused event: its `id` in the quarantine.")

    @classmethod
    def of(cls, event: ShownEvent, failed: str, language: Language) -> Self:
        """An event in the reader's language. `failed`: why its object could not be refreshed."""
        refused = event.quarantine_id is not None
        return cls(
            id=event.event_id,
            source=event.source,
            type=event.type,
            time=_instant(event.time_ms),
            received_at=datetime.fromtimestamp(event.received_ms / 1000, UTC),
            outcome=event.outcome,
            expected=event.expected,
            code=event.code or None,
            pointer=event.pointer if refused else None,
            message=_sentence(event, failed, language),
            position=RecordPosition(partition=event.partition, offset=event.offset),
            quarantine_id=event.quarantine_id,
        )


class RecordAnswer(BaseModel):
    """Where a record is, what the current snapshot shows of it, and what became of its events."""

    state: RecordState
    snapshot: dict[str, Any] | None = Field(
        description="The fields as reports show them, instants in UTC; null where the current snapshot does not have "
        "the record."
    )
    external_ids: list[str] | None = Field(description="Of a contact in the snapshot: its foreign ids.")
    snapshot_id: str | None = Field(description="The current snapshot; null before the first one.")
    as_of: datetime | None
    links: list[LinkAnswer]
    events: list[RecordEventAnswer] = Field(description="The newest 500 by arrival, the newest first.")
    events_omitted: int = Field(description="How many more are known.")

    @classmethod
    def of(cls, found: RecordFacts, language: Language) -> Self:
        """The answer in the reader's language."""
        return cls(
            state=found.state,
            snapshot=dict(found.fields) if found.fields is not None else None,
            external_ids=list(found.external_ids) if found.external_ids is not None else None,
            snapshot_id=found.manifest.snapshot if found.manifest is not None else None,
            as_of=found.manifest.as_of if found.manifest is not None else None,
            links=[LinkAnswer.of(link, language) for link in found.links],
            events=[RecordEventAnswer.of(event, found.failed, language) for event in found.events],
            events_omitted=found.events_omitted,
        )


def _instant(time_ms: int | None) -> datetime | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, UTC)


def _sentence(event: ShownEvent, failed: str, language: Language) -> str | None:
    """Why the event has its outcome; None where the outcome says it."""
    if event.quarantine_id is not None:
        problem = Problem(event.code, event.pointer, event.text, event.values or {})
        return explanation(problem, language)
    if not event.code or event.outcome is Outcome.QUARANTINED:
        return None
    values = {"reason": failed, **(event.values or {})}
    return Problem(event.code, text=f"event.{event.code}", values=values).message(language)
