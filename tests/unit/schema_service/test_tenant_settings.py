"""A tenant's settings: what is sent, what is stored, and what applies."""

from typing import Any

import orjson
import pytest

from crosslook.contracts.tenant_settings import TenantDefaults, TenantSettings, WeekStart
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired, StateUnreadable
from crosslook.platform.log_store.memory import MemoryTopic
from crosslook.platform.log_store.protocol import LogUnreadable
from crosslook.platform.settings_feed import SettingsFeed
from services.schema_service.domain.tenant_settings import parse_settings
from services.schema_service.tenant_settings import SettingsRegistry
from tests.unit.schema_service.dataset import Dataset, event_at

KEY = "~settings/acme"
CHICAGO = TenantDefaults("America/Chicago")
PARIS = {"timezone": "Europe/Paris", "week_start": "sunday", "language": "fr"}


def registry_of(dataset: Dataset) -> SettingsRegistry:
    feed = SettingsFeed(dataset.store)
    return SettingsRegistry(dataset.store, feed, dataset.objects, dataset.tenants, CHICAGO, dataset.clock)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {}),
        (PARIS, PARIS),
        ({"timezone": None, "week_start": None, "language": "en"}, {"language": "en"}),
        ({"week_start": "saturday"}, {"week_start": WeekStart.SATURDAY}),
        ({"timezone": "Etc/GMT+5"}, {"timezone": "Etc/GMT+5"}),
    ],
)
def test_what_is_left_out_or_null_is_not_set(body: Any, expected: dict[str, Any]) -> None:
    settings, problems = parse_settings(body, "acme")
    assert (settings, list(problems)) == (TenantSettings(tenant="acme", **expected), [])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("", "wrong_type", None)]),
        ({"timezone": "Europe/Pari"}, [("/timezone", "bad_value", "Europe/Paris")]),
        ({"timezone": "Paris"}, [("/timezone", "bad_value", "Europe/Paris")]),
        ({"timezone": "new york"}, [("/timezone", "bad_value", "America/New_York")]),
        ({"timezone": "europe/paris"}, [("/timezone", "bad_value", "Europe/Paris")]),
        ({"timezone": "posix/Europe/Paris"}, [("/timezone", "bad_value", "Europe/Paris")]),
        ({"timezone": ""}, [("/timezone", "bad_value", None)]),
        ({"timezone": "x" * 1001}, [("/timezone", "too_long", None)]),
        ({"timezone": 2}, [("/timezone", "wrong_type", None)]),
        ({"week_start": "Monday"}, [("/week_start", "bad_value", "monday")]),
        ({"week_start": "friday"}, [("/week_start", "bad_value", None)]),
        ({"week_start": 1}, [("/week_start", "bad_value", None)]),
        ({"language": "fr-CA"}, [("/language", "bad_value", None)]),
        ({"language": ["fr"]}, [("/language", "bad_value", None)]),
        ({"time_zone": "UTC"}, [("/time_zone", "unknown_property", "timezone")]),
        ({"locale": "fr", "x": 1}, [("/locale", "unknown_property", "language"), ("/x", "unknown_property", None)]),
        ({"tenant": "globex"}, [("/tenant", "unknown_property", None)]),
        (
            {"timezone": "Mars", "week_start": "x", "language": "x"},
            [("/timezone", "bad_value", None), ("/week_start", "bad_value", None), ("/language", "bad_value", None)],
        ),
    ],
)
def test_settings_are_refused_with_every_problem(body: Any, expected: list[tuple[str, str, str | None]]) -> None:
    settings, refused = parse_settings(body, "acme")
    assert settings is None
    assert [(problem.pointer, problem.code, problem.suggested()) for problem in refused] == expected


async def test_every_tenant_has_empty_settings_at_version_0(dataset: Dataset) -> None:
    found = registry_of(dataset).get("acme")
    assert (found.settings, found.version) == (TenantSettings(tenant="acme"), 0)
    assert found.applied == CHICAGO


async def test_settings_are_published_as_an_event_and_name_only_what_is_set(dataset: Dataset) -> None:
    registry = registry_of(dataset)
    written = await registry.put("acme", {"timezone": "Europe/Paris", "language": None}, '"0"')
    assert written.version == 1
    assert written.applied == TenantDefaults("Europe/Paris", WeekStart.MONDAY, "en")
    event = event_at(dataset, KEY)
    assert event["type"] == "crosslook.settings.changed.v1"
    assert event["data"] == {"tenant": "acme", "timezone": "Europe/Paris"}
    assert registry.get("acme") == written


async def test_a_tenant_exists_from_its_first_settings_where_tenants_are_open(dataset: Dataset) -> None:
    await registry_of(dataset).put("acme", PARIS, "*")
    assert dataset.tenants.get("acme").tenant == "acme"


async def test_settings_of_an_unknown_tenant_are_not_there() -> None:
    dataset = await Dataset(tenants_open=False).start()
    with pytest.raises(NotFound):
        registry_of(dataset).get("acme")
    with pytest.raises(NotFound):
        await registry_of(dataset).put("acme", PARIS, '"0"')


async def test_a_write_names_the_version_that_it_replaces(dataset: Dataset) -> None:
    registry = registry_of(dataset)
    with pytest.raises(PreconditionRequired):
        await registry.put("acme", PARIS, None)
    await registry.put("acme", PARIS, '"0"')
    with pytest.raises(PreconditionFailed):
        await registry.put("acme", {}, '"0"')
    assert (await registry.put("acme", {}, '"1"')).version == 2
    assert registry.get("acme").applied == CHICAGO


async def test_a_writer_that_was_overtaken_is_refused(dataset: Dataset) -> None:
    registry = registry_of(dataset)
    await registry.put("acme", PARIS, '"0"')
    stale = SettingsRegistry(
        dataset.store, SettingsFeed(dataset.store), dataset.objects, dataset.tenants, CHICAGO, dataset.clock
    )
    before = stale.get("acme")
    await registry.put("acme", {}, '"1"')
    with pytest.raises(PreconditionFailed):
        await stale.put("acme", PARIS, f'"{before.version}"')


async def test_the_same_settings_again_write_nothing(dataset: Dataset) -> None:
    registry = registry_of(dataset)
    position = dataset.store.position
    assert (await registry.put("acme", {}, '"0"')).version == 0
    assert dataset.store.position == position
    await registry.put("acme", PARIS, '"0"')
    position = dataset.store.position
    assert (await registry.put("acme", PARIS, '"1"')).version == 1
    assert dataset.store.position == position


async def test_refused_settings_write_nothing(dataset: Dataset) -> None:
    position = dataset.store.position
    with pytest.raises(Invalid):
        await registry_of(dataset).put("acme", {"timezone": "Mars"}, '"0"')
    assert dataset.store.position == position


async def test_the_next_process_has_the_same_settings(dataset: Dataset) -> None:
    written = await registry_of(dataset).put("acme", PARIS, '"0"')
    assert registry_of(await dataset.restarted()).get("acme") == written


def settings_event(language: str) -> bytes:
    data = {"tenant": "acme", "language": language}
    head = {"id": "1", "source": "/later", "type": "crosslook.settings.changed.v1", "time": "2026-11-24T22:00:00Z"}
    return orjson.dumps({"specversion": "1.0", **head, "data": data})


async def test_settings_that_cannot_be_read_never_count_as_absent() -> None:
    dataset = await Dataset(schemas_topic=MemoryTopic(SCHEMAS.name)).start()
    registry = registry_of(dataset)
    await registry.put("acme", PARIS, '"0"')
    dataset.schemas_topic.append(KEY, settings_event("de"))
    dataset.schemas_topic.append("~settings/globex", b"rubbish")
    later = await Dataset(schemas_topic=dataset.schemas_topic).start()
    assert registry_of(later).get("acme").settings.language == "fr"
    with pytest.raises(StateUnreadable):
        registry_of(later).get("globex")
    with pytest.raises(LogUnreadable):
        await registry_of(later).put("acme", {}, '"1"')
    dataset.schemas_topic.compact()
    with pytest.raises(StateUnreadable):
        registry_of(await Dataset(schemas_topic=dataset.schemas_topic).start()).get("acme")
