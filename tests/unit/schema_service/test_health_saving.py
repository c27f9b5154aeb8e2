"""Counts of many replicas, stored and added up: whatever is saved, repeated, killed or moved, they are counted once."""

from crosslook.contracts.health import health_key
from services.schema_service.domain.webhook_health import HealthReport, IntakeOutcome
from tests.helpers.health import NOW, CountingReplica, Installation

ADDRESSES = ("http://a:1", "http://b:2", "http://c:3")


async def pair() -> tuple[Installation, CountingReplica, CountingReplica]:
    """An installation with two replicas."""
    installation = await Installation().start()
    return installation, await installation.replica(ADDRESSES[0]), await installation.replica(ADDRESSES[1])


def counts(report: HealthReport) -> tuple[int, int, int, int]:
    """The four numbers."""
    return report.events_24h, report.refused_24h, report.bad_signatures_24h, report.stale_signatures_24h


async def test_every_replica_shows_the_counts_of_all() -> None:
    installation, first, second = await pair()
    installation.count(first, IntakeOutcome.ACCEPTED, 3)
    installation.later(seconds=5)
    installation.count(second, IntakeOutcome.BAD_SIGNATURE, 2)
    installation.count(second, IntakeOutcome.UNMAPPABLE)
    assert counts(installation.report(first)) == (3, 0, 0, 0)
    await first.saver.save()
    await second.saver.save()
    assert installation.report(first) == installation.report(second)
    assert counts(installation.report(first)) == (3, 1, 2, 0)
    assert installation.report(first).last_event_at == NOW
    assert installation.report(first).last_refused_at == installation.clock.now()
    assert (first.slots, second.slots) == ([0], [1])


async def test_a_replica_writes_what_changed_and_nothing_else() -> None:
    installation, first, _ = await pair()
    await first.saver.save()
    assert first.log.entries() == {}
    installation.count(first, IntakeOutcome.ACCEPTED)
    await first.saver.save()
    key = health_key("acme", "courier", 0)
    stored = first.log.entries()[key]
    await first.saver.save()
    assert first.log.entries()[key] == stored
    assert set(first.log.entries()) == {key, "~slot/0"}


async def test_a_restart_in_order_loses_nothing_and_leaves_its_slot_to_anybody() -> None:
    installation, first, second = await pair()
    await first.saver.start()
    installation.count(first, IntakeOutcome.ACCEPTED, 2)
    await first.saver.stop()
    await first.saver.stop()
    assert counts(installation.report(second)) == (2, 0, 0, 0)
    later = await installation.replica("http://elsewhere:4")
    installation.count(later, IntakeOutcome.ACCEPTED)
    await later.saver.save()
    assert later.slots == [0]
    assert counts(installation.report(second)) == (3, 0, 0, 0)


async def test_a_process_takes_the_slot_of_the_one_that_was_killed_at_its_address() -> None:
    installation, first, second = await pair()
    for number in range(1, 6):
        installation.count(first, IntakeOutcome.ACCEPTED)
        await first.saver.save()
        installation.count(first, IntakeOutcome.ACCEPTED, 100)  # lost with the kill
        first = await installation.replica(ADDRESSES[0])
        assert counts(installation.report(first)) == counts(installation.report(second)) == (number, 0, 0, 0)
    assert len(second.log.entries()) == 2


async def test_a_slot_is_free_once_its_holder_has_been_silent_for_minutes() -> None:
    installation, first, second = await pair()
    installation.count(first, IntakeOutcome.ACCEPTED)
    await first.saver.save()
    installation.later(minutes=4)
    installation.count(second, IntakeOutcome.ACCEPTED)
    await second.saver.save()
    assert second.slots == [0]
    installation.count(first, IntakeOutcome.ACCEPTED)  # it was only frozen
    for _ in range(2):
        await first.saver.save()
    assert first.slots == [1]
    assert counts(installation.report(first)) == counts(installation.report(second)) == (3, 0, 0, 0)


async def test_two_replicas_with_one_address_share_no_slot() -> None:
    installation = await Installation().start()
    first, second = [await installation.replica("http://same:1") for _ in range(2)]
    for _ in range(4):
        for replica in (first, second):
            installation.count(replica, IntakeOutcome.ACCEPTED)
            await replica.saver.save()
    assert first.slots == [0, 1]
    assert counts(installation.report(first)) == counts(installation.report(second)) == (8, 0, 0, 0)


async def test_a_connection_that_is_made_again_begins_at_zero() -> None:
    installation, first, second = await pair()
    before = installation.state
    installation.count(first, IntakeOutcome.ACCEPTED, 3)
    await first.saver.save()
    installation.count(first, IntakeOutcome.ACCEPTED)
    installation.count(second, IntakeOutcome.BAD_SIGNATURE)
    installation.later(seconds=1)
    await installation.connect()
    assert installation.report(first) == HealthReport(None, None, 0, 0, 0, 0, None)
    installation.count(first, IntakeOutcome.UNMAPPABLE)
    first.health.count(before, IntakeOutcome.ACCEPTED)  # a call that began before
    await first.saver.save()
    await second.saver.save()
    assert counts(installation.report(first)) == counts(installation.report(second)) == (0, 1, 0, 0)
    assert installation.report(second).last_event_at is None


async def test_a_disconnected_integration_leaves_nothing_behind() -> None:
    installation, first, _ = await pair()
    installation.count(first, IntakeOutcome.ACCEPTED)
    await first.saver.save()
    installation.count(first, IntakeOutcome.ACCEPTED)
    await installation.schemas.put(installation.state.key, None)
    await first.saver.save()
    installation.later(hours=1)
    await first.saver.save()
    assert set(first.log.entries()) == {"~slot/0"}


async def test_a_slot_that_is_not_written_any_more_is_removed_and_its_times_stay() -> None:
    installation, first, second = await pair()
    installation.count(second, IntakeOutcome.RATE_LIMITED)
    await second.saver.save()
    refused_at = installation.clock.now()
    installation.later(hours=25)
    installation.count(first, IntakeOutcome.ACCEPTED)
    await first.saver.save()
    third = await installation.replica(ADDRESSES[2])
    installation.later(minutes=1)
    installation.count(third, IntakeOutcome.ACCEPTED)
    await third.saver.save()
    taken_at = installation.clock.now()
    assert (first.slots, third.slots) == ([0], [1])  # that of the second, which has been silent
    for hours in range(1, 27):
        installation.later(hours=1)
        await first.saver.save()
        assert counts(installation.report(second))[0] == (2 if hours < 24 else 0)
    assert health_key("acme", "courier", 1) in first.log.entries()
    before = installation.report(second)
    installation.later(hours=1)
    first.log.fates = ["applied", "applied", "lost"]  # the claim, what is moved, the removal
    await first.saver.save()
    assert health_key("acme", "courier", 1) in first.log.entries()
    assert installation.report(second) == before
    await first.saver.save()
    assert set(first.log.entries()) == {health_key("acme", "courier", 0), "~slot/0"}
    report = installation.report(second)
    assert (report.last_refused_at, report.last_event_at, counts(report)) == (refused_at, taken_at, (0, 0, 0, 0))


async def test_a_document_that_cannot_be_read_costs_its_own_counts_only_and_is_replaced() -> None:
    installation, first, second = await pair()
    for replica in (first, second):
        installation.count(replica, IntakeOutcome.ACCEPTED)
        await replica.saver.save()
    lost, kept = health_key("acme", "courier", 0), health_key("acme", "courier", 1)
    installation.topic.append(lost, b"rubbish")
    late = await installation.replica(ADDRESSES[2])
    assert list(late.log.unreadable) == [lost]
    assert (counts(installation.report(first)), counts(installation.report(late))) == ((2, 0, 0, 0), (2, 0, 0, 0))
    installation.topic.compact()
    late = await installation.replica(ADDRESSES[2])
    assert counts(installation.report(late)) == (1, 0, 0, 0)
    await first.saver.save()  # it knows what was there
    assert (late.log.unreadable, counts(installation.report(late))) == ({}, (2, 0, 0, 0))
    installation.topic.append(kept, b"rubbish")
    installation.topic.compact()
    successor = await installation.replica(ADDRESSES[1])
    installation.count(successor, IntakeOutcome.ACCEPTED)
    await successor.saver.save()
    assert (successor.log.unreadable, counts(installation.report(successor))) == ({}, (2, 0, 0, 0))


async def test_a_damaged_batch_is_given_up_also_by_a_replica_that_has_counted_nothing() -> None:
    installation, first, second = await pair()
    installation.count(first, IntakeOutcome.ACCEPTED)
    await first.saver.save()
    second.log.damage(90, 91)
    await second.saver.save()
    assert (second.log.unreadable, second.slots) == ({}, [1])
    assert counts(installation.report(first)) == counts(installation.report(second)) == (1, 0, 0, 0)
    assert set(first.log.entries()) == {health_key("acme", "courier", 0), "~slot/0", "~slot/1", "~skip/90-91"}


async def test_errors_that_are_many_only_at_all_replicas_together_are_near_the_limit() -> None:
    installation, first, second = await pair()
    for replica in (first, second):
        installation.count(replica, IntakeOutcome.UNAVAILABLE, 60)
        assert installation.report(replica).warning is None
    await first.saver.save()
    assert installation.report(first).warning is None
    await second.saver.save()
    installation.later(minutes=30)
    warning = installation.report(first).warning
    assert warning is not None
    assert warning.text == "integration_near_limit.circuit_breaker"
    assert installation.report(second).warning == warning
    installation.later(minutes=30)
    assert installation.report(second).warning is None
