"""Saved reports on the reports topic: the operations of the topic's writer."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from crosslook.contracts.problems import Problem
from crosslook.contracts.reports import CLAIM, Claim, Dashboard, Look, SavedKind, report_key
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError, NotFound, PreconditionFailed, QuotaExceeded, StateUnreadable
from crosslook.platform.log_store.protocol import LogStore, VersionMismatch
from crosslook.platform.plans import Plans, QuotasOf
from crosslook.platform.preconditions import check_match, fingerprint
from crosslook.platform.reports_feed import ReportsFeed

_SHOWN_MOST = 63
S = TypeVar("S", Look, Dashboard)


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """A request that makes something: its Idempotency-Key, if it has one, and its body."""

    key: str | None
    body: Any

    def claim_id(self, kind: SavedKind) -> str | None:
        """The identity of its claim, None where it may not be repeated."""
        if self.key is None:
            return None
        return hashlib.sha256(f"{kind}/{self.key}".encode()).hexdigest()[:32]


class SavedReportStore(Generic[S]):
    """The saved reports of one kind, of all tenants.

    Writes raise LogUnavailable or NotTheWriter where the log did not take them; what was answered survives any crash.
    After any of them, and after a crash between two writes, the same call can be made again from its start.
    """

    def __init__(
        self,
        kind: SavedKind,
        model: type[S],
        store: LogStore,
        feed: ReportsFeed,
        clock: Clock,
        quotas: QuotasOf | None = None,
    ) -> None:
        self._kind = kind
        self._model: type[S] = model
        self._store = store
        self._feed = feed
        self._clock = clock
        self._quotas = quotas or Plans.everything().quotas

    def find(self, tenant: str, identity: str) -> S | None:
        """One report, None where there is none of this id. Raises StateUnreadable."""
        found = self._feed.of(tenant, self._kind).get(identity)
        if found is None and self._feed.unknown(tenant, self._kind, identity):
            raise StateUnreadable
        return found if isinstance(found, self._model) else None

    def get(self, tenant: str, identity: str) -> S:
        """One report. Raises NotFound `unknown_look` or `unknown_dashboard`, StateUnreadable."""
        found = self.find(tenant, identity)
        if found is None:
            shown: dict[str, str | int] = {"id": identity[:_SHOWN_MOST]}
            if self._kind is SavedKind.LOOK:
                raise NotFound(Problem("unknown_look", values=shown))
            raise NotFound(Problem("unknown_dashboard", values=shown))
        return found

    def all(self, tenant: str) -> list[S]:
        """Every report of the tenant by name, whatever the case of its letters. Raises StateUnreadable where one of
        them could never be read."""
        if self._feed.lost(tenant, self._kind):
            raise StateUnreadable
        kept = [report for report in self._feed.of(tenant, self._kind).values() if isinstance(report, self._model)]
        return sorted(kept, key=place_of)

    def made_by(self, tenant: str, creation: CreateRequest) -> S | None:
        """What the same request made before, for as long as it lives.

        Raises AppError `idempotency_conflict` (422) where its key came with another body."""
        claim = self._claim_of(tenant, creation)
        return self.find(tenant, claim.made) if claim is not None else None

    async def add(self, tenant: str, creation: CreateRequest, content: Mapping[str, Any]) -> S:
        """Save a new report: 1. claim its id for the request's key, 2. write it. A crash between the two leaves a claim
        that the repeated request takes up, so it makes one report and not two.

        Raises AppError `idempotency_conflict`, `body_too_large` (413), QuotaExceeded."""
        self._check_quota(tenant)
        identity, claim, now = str(uuid.uuid4()), creation.claim_id(self._kind), self._clock.now()
        if claim is not None:
            identity = await self._claim(tenant, claim, creation, identity)
        made = {"version": 1, "created_at": now, "updated_at": now, "claim": claim}
        new = self._model.model_validate({"tenant": tenant, "id": identity, **made, **content})
        try:
            await self._store.put(new.key, self._encoded(new), expected_version=0)
        except VersionMismatch:
            return self.get(tenant, identity)  # the same request was quicker
        return new

    async def replace(self, before: S, change: Mapping[str, Any], if_match: str | None) -> S:
        """Save a report's next version; the same content again writes nothing.

        Raises PreconditionRequired, PreconditionFailed, AppError `body_too_large`."""
        check_match(if_match, before.version, required=True)
        if before.model_copy(update=change) == before:
            return before
        after = before.model_copy(
            update={**change, "version": before.version + 1, "updated_at": self._clock.now()},
        )
        await self._put(before, self._encoded(after), if_match)
        return after

    async def remove(self, before: S, if_match: str | None) -> None:
        """Delete the claim that a report was made under, then the report: whatever happens between the two, its key can
        be used again. Raises PreconditionFailed."""
        check_match(if_match, before.version, required=False)
        if before.claim is not None:
            await self._store.put(report_key(before.tenant, CLAIM, before.claim), None)
        await self._put(before, None, if_match)

    def _check_quota(self, tenant: str) -> None:
        saved = sum(len(self._feed.of(tenant, kind)) for kind in (SavedKind.LOOK, SavedKind.DASHBOARD))
        most = self._quotas(tenant).saved_reports
        if saved >= most:
            raise QuotaExceeded("quota_exceeded.saved_reports", most, saved)

    def _encoded(self, report: S) -> bytes:
        value, limit = report.encode(), self._quotas(report.tenant).saved_report_bytes
        if len(value) > limit:
            raise AppError(Problem("body_too_large", values={"limit": limit}), status=413)
        return value

    async def _put(self, before: S, value: bytes | None, if_match: str | None) -> None:
        try:
            await self._store.put(before.key, value, expected_version=before.version)
        except VersionMismatch as mismatch:
            raise PreconditionFailed(mismatch.current, if_match or "") from None

    async def _claim(self, tenant: str, claim: str, creation: CreateRequest, identity: str) -> str:
        new = Claim(tenant=tenant, id=claim, digest=fingerprint(creation.body), made=identity)
        expected = 0
        while True:
            try:
                await self._store.put(new.key, new.encode(), expected_version=expected)
            except VersionMismatch as mismatch:
                earlier = self._claim_of(tenant, creation)
                if earlier is not None:
                    return earlier.made
                expected = mismatch.current  # gone by now
            else:
                return identity

    def _claim_of(self, tenant: str, creation: CreateRequest) -> Claim | None:
        found = self._feed.of(tenant, CLAIM).get(creation.claim_id(self._kind) or "")
        if not isinstance(found, Claim):
            return None
        if found.digest != fingerprint(creation.body):
            raise AppError(Problem("idempotency_conflict"), status=422)
        return found


def place_of(report: Look | Dashboard) -> tuple[str, str]:
    """The position of a report in a list."""
    return report.name.casefold(), report.id
