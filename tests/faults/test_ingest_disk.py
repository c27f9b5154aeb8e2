"""Ingest whose engine has no room left."""

from tests.helpers.faults import World

NO_ROOM = "ALTER TABLE {table} MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1000000000000000"
ROOM = "ALTER TABLE {table} RESET SETTING min_free_disk_bytes_to_perform_insert"
TABLES = ("record_log", "quarantine")


async def test_a_full_disk_ends_the_worker_and_no_event_pays_for_it(world: World) -> None:
    """The engine is told to keep more room free than any disk has: it refuses inserts by the code of a full one.

    A disk that really is full takes a mount, which not every machine lets a test make; what a write to one is answered
    with is in tests/unit/local/test_engine_disk.py.
    """
    await world.sender.send(500, bad=0.1)
    worker = world.worker()
    await world.check_drained()
    for table in TABLES:
        await world.store.command(NO_ROOM.format(table=table))
    await world.sender.send(500, bad=0.1)
    assert await worker.ended() == 1
    assert "NOT_ENOUGH_SPACE" in worker.log()
    found = await world.check()
    assert len(found.staged) + len(found.quarantined) == 500
    for table in TABLES:
        await world.store.command(ROOM.format(table=table))
    world.worker()
    await world.check_drained()
