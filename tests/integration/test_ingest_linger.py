"""At low traffic a worker gathers events: the store gets few parts, and the first event after a pause does not wait."""

from datetime import UTC, datetime

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import SCORE, definition, event
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics

NOW = datetime.now(UTC).replace(microsecond=0)
CHUNK = 40
TICKET = definition(SCORE)


async def inserts(pipeline: Pipeline) -> int:
    """How often the store was given events, whatever it has merged since."""
    sql = (
        "SELECT sum(max_block_number - min_block_number + 1) FROM system.parts "
        "WHERE active AND database = currentDatabase() AND table = 'record_log'"
    )
    return int((await pipeline.context.clickhouse.query(sql)).scalar())


async def test_events_that_come_one_by_one_are_stored_together(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    engine = clickhouse.model_copy(update={"database": "linger"})
    patient = {"poll_ms": 20, "chunk_events": CHUNK, "linger_seconds": 60}
    async with running_pipeline(own_topics(kafka), engine, NOW, ingest=patient) as pipeline:
        await pipeline.define("acme", TICKET)
        for number in range(CHUNK + 1):
            await pipeline.send([event("acme", "ticket", "1", {"score": number}, event_id=f"e{number}", time=NOW)])
            if number == 0:
                await pipeline.wait_staged("acme", "ticket", 1)  # at once
        await pipeline.wait_staged("acme", "ticket", CHUNK + 1)  # as soon as a chunk is full, long before the minute
        assert await inserts(pipeline) == 2
