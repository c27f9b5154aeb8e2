"""Fixtures that everybody shares: one real broker and one real engine a session, started when first asked for."""

import gc
from collections.abc import AsyncIterator, Generator, Iterator

import hypothesis
import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.examples import examples
from tests.helpers.hangs import ended_within
from tests.helpers.openapi_traffic import Traffic, watched
from tests.helpers.processes import running_broker, running_engine
from tests.helpers.sampling import sampled, slow_first
from tests.helpers.work import Comparisons, counting


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--sample SEED`: run a seeded sample of the slow suites (tests/helpers/sampling.py)."""
    parser.addoption("--sample", metavar="SEED", default=None, help="run a seeded sample of the slow suites")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the sample does not hold; pytest counts it as deselected. Slow tests come first."""
    if (seed := config.getoption("--sample")) is not None:
        kept = sampled(items, seed)
        chosen = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = kept
    items[:] = slow_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, bool, bool]:
    """A test has seven minutes with all its fixtures, at night an hour. One that needs more waits in vain."""
    with ended_within(examples(420, 3600)):
        return (yield)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not walk it again and again."""
    gc.freeze()


# A property is never false because the machine is busy.
hypothesis.settings.register_profile(
    "crosslook", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("crosslook")


@pytest.fixture(scope="session", autouse=True)
def traffic() -> Iterator[Traffic]:
    """Every answer of the three services to a test, checked against the service's OpenAPI document."""
    with watched() as seen:
        yield seen
    assert seen.take_faults() == []


@pytest.fixture(autouse=True)
def _answers_are_documented(traffic: Traffic) -> Iterator[None]:
    yield
    assert traffic.take_faults() == []


@pytest.fixture(scope="session")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KafkaSettings]:
    """A real Kafka."""
    async with running_broker(tmp_path_factory.mktemp("broker")) as settings:
        yield settings


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseSettings]:
    """A real ClickHouse engine; each test takes a database of its own."""
    with running_engine(tmp_path_factory.mktemp("clickhouse")) as settings:
        yield settings


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> Comparisons:
    """The comparisons that the suggestions of this test make."""
    return counting(monkeypatch)
