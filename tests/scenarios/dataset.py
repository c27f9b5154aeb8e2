"""The data that the scenarios query: a helpdesk's tickets with their contacts, and bookings, on two days. Nothing
in it is random. Check queries read it through the views `tickets`, `contacts`, `bookings` and `tickets_before`."""

from datetime import UTC, datetime, timedelta

from crosslook.contracts.layouts import field_column, layout_of, links_column
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, FieldType
from crosslook.platform.clickhouse import ClickHouse
from tests.helpers.builders import REPORTED_FIELDS, REQUESTER, WATCHERS, definition, without_fields
from tests.helpers.snapshots import PlainObject, PlainRow

AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
BEFORE = AS_OF - timedelta(days=1)
CONTACT = Definition(
    object=BUILT_IN_CONTACT.object,
    labels=BUILT_IN_CONTACT.labels,
    fields=(
        *BUILT_IN_CONTACT.fields,
        FieldDef(slug="plan", label="Plan", type=FieldType.DROPDOWN),
        FieldDef(slug="spent", label="Spent", type=FieldType.CURRENCY),
    ),
)
TICKET = definition(*REPORTED_FIELDS, relationships=(REQUESTER, WATCHERS))
TICKET_BEFORE = without_fields(TICKET, "urgent")
BOOKING = Definition.model_validate(
    {
        "object": "booking",
        "labels": {"singular": "Booking", "plural": "Bookings"},
        "fields": [
            {"slug": "price", "type": "currency"},
            {"slug": "minutes", "type": "number"},
            {"slug": "starts_at", "type": "datetime"},
        ],
        "relationships": [{"slug": "guests", "target": "contact", "many": True}],
    }
)


def _contact(n: int) -> PlainRow:
    values = {
        "email": f"person{n}@example.com",
        "country": ("FR", "US", "DE", None)[n % 4],
        "plan": ("free", "pro")[n % 2],
        "spent": f"{n * 12.5:.4f}" if n % 5 else None,
        "created_at": (datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=29 * n)).isoformat(),
    }
    return PlainRow(f"c{n}", values, deleted=n == 10)


def _ticket(n: int, day: int) -> PlainRow:
    opened = datetime(2026, 8, 5, tzinfo=UTC) + timedelta(hours=55 * n + n * n % 24, minutes=17 * n % 60)
    values = {
        "subject": ("Refund, please", "Login broken", "Straße gesperrt", None)[n % 4],
        "status": ("open", "pending", "solved", "closed", None)[(n + (day == 0 and n % 3 == 0)) % 5],
        "csat": n * 7 % 10 / 2 if n % 4 else None,
        "amount": f"{n * 37 % 500 / 4 - 10:.4f}" if n % 7 else None,
        "due_on": (opened + timedelta(days=14)).date().isoformat() if n % 3 else None,
        "opened_at": opened.isoformat(),
        "tags": [tag for bit, tag in enumerate(("vip", "bug", "refund")) if n >> bit & 1],
        "urgent": (True, False, None)[n % 3],
    }
    live = {f"c{number}" for number in range(12)} - {"c10"}
    links = {
        "requester": [item for item in [f"c{n % 11}"] if n % 6 and item in live],
        "watchers": [fromkey for fromkey in dict.fromkeys([f"c{n % 11}", f"c{n % 5}"]) if n % 8 and fromkey in live],
    }
    return PlainRow(f"t{n}", values, links, deleted=n % 17 == 16)


def _booking(n: int) -> PlainRow:
    starts = datetime(2026, 10, 25, 6, tzinfo=UTC) + timedelta(hours=9 * n)
    values = {"price": f"{20 + n * 7 % 40}.5000", "minutes": float(15 * (1 + n % 4)), "starts_at": starts.isoformat()}
    return PlainRow(f"b{n}", values, {"guests": [f"c{number}" for number in range(n % 4)]})


CONTACTS = PlainObject(CONTACT, [_contact(n) for n in range(12)])
NOW = [
    CONTACTS,
    PlainObject(TICKET, [_ticket(n, day=1) for n in range(48)]),
    PlainObject(BOOKING, [_booking(n) for n in range(30)]),
]
EARLIER = [CONTACTS, PlainObject(TICKET_BEFORE, [_ticket(n, day=0) for n in range(41)])]


async def create_views(clickhouse: ClickHouse) -> None:
    """The tables by names that people who write check queries can read."""
    for name, defined, build in (
        ("contacts", CONTACT, 2),
        ("tickets", TICKET, 2),
        ("bookings", BOOKING, 2),
        ("tickets_before", TICKET_BEFORE, 1),
    ):
        columns = ["record AS id", *(f"{field_column(field.slug)} AS {field.slug}" for field in defined.fields)]
        columns += [
            f"{links_column(relationship.slug)} AS {relationship.slug}" for relationship in defined.relationships
        ]
        await clickhouse.command(
            f"CREATE VIEW {name} AS SELECT {', '.join(columns)} FROM {layout_of(defined).table} "  # noqa: S608  # our own names
            f"WHERE build = {build} AND tenant = 'acme' AND object = '{defined.object}' AND NOT deleted"
        )
