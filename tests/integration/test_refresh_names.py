"""Words that mean something to the engine are names like any other: of fields, relationships and objects, from the
event to the report.
"""

from typing import Any

from crosslook.contracts.schemas import Definition, FieldDef, FieldType, OptionDef, RelationshipDef
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import Event, definition, event, fields
from tests.helpers.examples import examples
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.refresher import NOW

WORDS = """
    null nullable true false nan inf infinity none nothing void any all anylast argmax argmin sum count avg min
    max median select from where having limit offset order by group with as distinct union except intersect join
    left right inner outer full cross on using array tuple map json object nested enum enum8 date date32 datetime
    datetime64 time interval string fixedstring uuid ipv4 decimal int8 int64 uint8 uint64 float32 float64 bool
    boolean lowcardinality variant dynamic point ring polygon insert into values update delete alter table
    database create drop rename truncate exists if ifnull case when then else end and or not in like ilike between
    is cast case_when global local final sample prewhere settings format array_join lambda index key primary
    partition engine ttl codec default materialized alias ephemeral column columns row rows range over window
    preceding following current unbounded first last asc desc nulls fill interpolate ties top totals rollup cube
    sets grouping grant revoke role user password system kill query explain describe show use set attach detach
    optimize check watch exchange undrop move freeze fetch size size0 keys values_ length position offset_ tenant
    record build deleted named event_time sequence source event_id received_at fields references external_ids
    version place known base young pieces parsed kind fresh resolved hits links refs f_ id _id_ d0 m0 p0 t0 a b x
    identifier now today version_ user_id database_name currentdatabase uuid_ file url s3 remote
""".split()  # noqa: SIM905  # a list of three hundred quotes is harder to read
SLUGS = sorted({word for word in WORDS if word[0].isalpha()})
_KINDS = (FieldType.TEXT, FieldType.NUMBER, FieldType.CURRENCY, FieldType.DATE, FieldType.DATETIME, FieldType.BOOLEAN)
_VALUES: dict[FieldType, Any] = {
    FieldType.TEXT: 'a "quoted": text, {"null": 1}, \\"_":',
    FieldType.NUMBER: 1.5,
    FieldType.CURRENCY: "12.50",
    FieldType.DATE: "2026-11-20",
    FieldType.DATETIME: "2026-11-20T10:00:00.000Z",
    FieldType.BOOLEAN: True,
    FieldType.MULTISELECT: ["null", "true"],
}
_RELATIONSHIPS_EACH, _FIELDS_EACH = 10, 50
_TAGS = FieldDef(
    slug="tags_", type=FieldType.MULTISELECT, options=tuple(OptionDef(value=item) for item in ("null", "true"))
)


def _to_contact(*slugs: str) -> tuple[RelationshipDef, ...]:
    return tuple(RelationshipDef(slug=slug, target="contact") for slug in slugs)


def _wide(name: str, slugs: list[str]) -> Definition:
    fields = tuple(FieldDef(slug=slug, type=_KINDS[at % len(_KINDS)]) for at, slug in enumerate(slugs))
    return definition(*fields, _TAGS, name=name, relationships=_to_contact("contact_"))


def _groups(slugs: list[str], size: int) -> list[list[str]]:
    return [slugs[first : first + size] for first in range(0, len(slugs), size)]


async def test_every_word_of_the_engine_is_a_name_of_a_field_a_relationship_and_an_object(
    clickhouse: ClickHouseSettings,
) -> None:
    engine = clickhouse.model_copy(update={"database": "refresh_names"})
    wide = [_wide(f"wide_{number}", slugs) for number, slugs in enumerate(_groups(SLUGS, _FIELDS_EACH))]
    # Neighbours in the alphabet share a layout, and so a table and a statement.
    links = {name: tuple(group) for group in _groups(SLUGS, _RELATIONSHIPS_EACH) for name in group}
    linked = [definition(*fields(null="text"), name=name, relationships=_to_contact(*links[name])) for name in SLUGS]
    async with memory_pipeline(engine, NOW) as pipeline:
        for defined in (*wide, *linked):
            await pipeline.define("acme", defined)
        await _send(pipeline, wide, linked)
        run = await pipeline.refresh()
        assert (run.state, run.reason, pipeline.manifest.failed_objects) == ("published", None, ())
        async with query_stack(
            engine,
            engine.database,
            schemas_of=pipeline.definitions.shared,
            snapshots_of=pipeline.snapshots.shared,
        ) as stack:
            for defined in wide:
                await _ask_wide(stack, defined)
            for number, defined in enumerate(linked):
                if number % examples(5, 1) == 0 or defined.object == "null":
                    await _ask_linked(stack, defined)


async def _send(pipeline: MemoryPipeline, wide: list[Definition], linked: list[Definition]) -> None:
    people = [event("acme", "contact", "c", {"email": "c@x.example"}, event_id="contact", time=NOW)]
    wides = [item for defined in wide for item in _upsert(defined)]
    links = [
        event(
            "acme",
            item.object,
            "1",
            {"null": item.object},
            event_id=item.object,
            time=NOW,
            relationships={over.slug: [_LINK] for over in item.relationships},
        )
        for item in linked
    ]
    await pipeline.send([*people, *wides, *links])


_LINK = {"id": "c"}


def _upsert(defined: Definition) -> list[Event]:
    """A record that has every field; one object's is patched, too: it is then composed field by field."""
    fields = {field.slug: _VALUES[field.type] for field in defined.fields}
    name = defined.object
    told: dict[str, Any] = {"relationships": {"contact_": [_LINK]}}
    upsert = event("acme", name, "1", fields, event_id=f"{name}-1", time=NOW, **told)
    patch = event("acme", name, "1", fields, event_id=f"{name}-2", time=NOW, sequence=1, kind="patch")
    return [upsert, patch] if "null" in fields else [upsert]


async def _ask_wide(stack: QueryStack, defined: Definition) -> None:
    """Every field as a dimension, as a filter and, where it can be, as a measure."""
    name = defined.object
    plain = [field for field in defined.fields if field.type is not FieldType.MULTISELECT]
    report = {
        "object": name,
        "dimensions": [f"{name}.{item.slug}" for item in plain],
        "filters": {"and": [{"field": f"{name}.{item.slug}", "op": "is_not_empty"} for item in plain]},
        "timezone": "UTC",
    }
    (row,) = await stack.rows(report)
    assert row == [_shown(item) for item in plain]
    numbers = [item.slug for item in plain if item.type is FieldType.NUMBER]
    measures = [f"{name}.{slug}.sum" for slug in numbers]
    assert await stack.rows({"object": name, "measures": measures}) == [[1.5] * len(measures)]
    tags = await stack.rows({"object": name, "dimensions": [f"{name}.tags_"], "measures": [f"{name}.count"]})
    assert tags == [["null", 1], ["true", 1]]


def _shown(field: FieldDef) -> Any:
    return "2026-11-20T10:00:00+00:00" if field.type is FieldType.DATETIME else _VALUES[field.type]


async def _ask_linked(stack: QueryStack, defined: Definition) -> None:
    name, over = defined.object, defined.relationships[SLUGS.index(defined.object) % _RELATIONSHIPS_EACH]
    report = {
        "object": name,
        "dimensions": [f"{name}.null", "contact.email"],
        "measures": [f"{name}.count", "contact.count"],
        "relationship": over.slug,
    }
    assert await stack.rows(report) == [[name, "c@x.example", 1, 1]], (name, over.slug)
