"""Runs whose worker does not say how they ended, and which requests a run covers."""

from datetime import UTC, datetime, timedelta

import pytest

from crosslook.contracts.manifests import Manifest, Run
from services.snapshot_service.domain.runs import as_seen, covers_request
from tests.helpers import builders

NOW = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
SILENCE = 60.0


def run(owner: str, *, silent: float = 0, **more: object) -> Run:
    at = NOW - timedelta(seconds=silent)
    told = Run(run="r", build=1, state="verifying", trigger="manual", owner=owner, started_at=NOW, moved_at=at)
    return told.model_copy(update=more)


def manifest() -> Manifest:
    return builders.manifest(snapshot="s", run="r", as_of=NOW)


@pytest.mark.parametrize(
    ("owner", "silent", "state"),
    [("other", 0, "verifying"), ("other", 60, "verifying"), ("other", 61, "failed"), ("us", 0, "failed")],
)
def test_a_run_is_abandoned_when_its_worker_is_silent_or_is_us_and_does_not_run_it(
    owner: str, silent: float, state: str
) -> None:
    seen = as_seen(run(owner, silent=silent), [], "us", NOW, SILENCE)
    assert seen.state == state
    if state == "failed":
        assert (seen.reason, seen.finished_at) == ("abandoned", NOW - timedelta(seconds=silent))


def test_a_run_whose_worker_died_behind_the_switch_is_published() -> None:
    seen = as_seen(run("us"), [manifest()], "us", NOW, SILENCE)
    assert (seen.state, seen.snapshot, seen.progress, seen.finished_at) == ("published", "s", 1.0, NOW)


def test_how_a_run_ended_stays() -> None:
    ended = run("us", silent=600, state="failed", reason="staging_behind")
    assert as_seen(ended, [], "us", NOW, SILENCE) == ended


def test_a_run_covers_what_was_asked_before_its_watermark_was_frozen() -> None:
    assert covers_request(run("us"), None)
    assert not covers_request(run("us", frozen_at=NOW), None)
    frozen = run("us", frozen_at=NOW, idempotency_keys=("first", "late"), joined_late=("late",))
    assert covers_request(frozen, "first")
    assert not covers_request(frozen, "late")
    assert not covers_request(frozen, "new")
