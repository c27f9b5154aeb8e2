"""A simulated account lives; whatever becomes of its messages on their way, the folds equal the truth about it."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import read_structured
from crosslook.contracts.records import Refused
from crosslook.contracts.schemas import SchemaState
from crosslook.integrations.interface import (
    Connection,
    Fact,
    FoldedState,
    RecordGone,
    UserAlias,
    WebhookMessage,
    WholeRecord,
)
from crosslook.integrations.publication import FoldVersion, record_message
from crosslook.integrations.zendesk import INTEGRATION
from crosslook.integrations.zendesk.export import zendesk_history
from crosslook.local.demo.zendesk_account import SimulatedUser, ZendeskAccount
from crosslook.local.demo.zendesk_shapes import CUSTOM_FIELD, MINUTE, SECOND, SimulatedTicket, second, true_fields
from tests.helpers.examples import NIGHTLY, examples
from tests.helpers.zendesk import facts_of, folds, history_item, webhook
from tests.helpers.zendesk_life import START, WHOLE_PAUSES, dice, live, repeated

OPTIONS = {"custom_fields": [{"id": CUSTOM_FIELD, "slug": "plan", "label": "Plan", "type": "text"}]}
CONNECTION = Connection("zendesk", "zendesk_ticket", OPTIONS)


def truth(account: ZendeskAccount) -> dict[str, FoldedState]:
    """What every ticket and user of the account folds to."""
    found: dict[str, FoldedState] = {
        ticket.id: RecordGone(ticket.id) if ticket.gone else whole(ticket) for ticket in account.tickets.values()
    }
    return found | {f"user:{user.id}": alias(user) for user in account.users.values()}


def alias(user: SimulatedUser) -> UserAlias:
    emails = [f"email:{address}" for address in (user.email, *user.others)]
    merged = [f"external:zendesk:{other}" for other in user.merged_with]
    return UserAlias(f"zendesk:{user.id}", (*emails, *merged))


def whole(ticket: SimulatedTicket, **changes: Any) -> WholeRecord:
    fields = {**true_fields(ticket), **changes}
    fields = {name: value for name, value in fields.items() if value is not None}
    return WholeRecord(ticket.id, fields, {"requester": [{"external": f"zendesk:{ticket.requester}"}]})


def tickets(states: Mapping[str, FoldedState]) -> dict[str, FoldedState]:
    return {record: state for record, state in states.items() if not isinstance(state, UserAlias)}


def messages(documents: Iterable[Any]) -> list[WebhookMessage]:
    return [webhook(document, connection=CONNECTION) for document in documents]


def history(page: Mapping[str, Any]) -> list[WebhookMessage]:
    items = zendesk_history(orjson.dumps(page))
    assert not [item for item in items if item.problem is not None]
    return [history_item(item.body, CONNECTION) for item in items]


def fold_all(facts: Iterable[Fact]) -> dict[str, FoldedState]:
    """What the facts fold to; every record is one that the object which the integration defines takes."""
    states = folds(facts, CONNECTION)
    version = FoldVersion(0, 1)
    for folded in tickets(states).values():
        assert isinstance(folded, WholeRecord | RecordGone)
        event = read_structured(orjson.loads(record_message("acme", CONNECTION, version, folded).value), 0)
        result = Admission(Defined()).admit(event, 0)
        assert not isinstance(result, Refused), result
    return states


class Defined:
    """The object of the connection."""

    state = SchemaState(
        tenant="acme", object="zendesk_ticket", version=1, definition=INTEGRATION.define("zendesk_ticket", OPTIONS)
    )

    def tenant_known(self, tenant: str) -> bool:
        return True

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return self.state


@settings(max_examples=examples(12, 400), deadline=None, derandomize=not NIGHTLY)
@given(st.integers(0, 2**32), st.booleans())
def test_events_in_any_order_and_number_fold_to_the_truth(seed: int, sequences: bool) -> None:
    random = dice(seed)
    account = ZendeskAccount(random, sequences=sequences)
    live(account, 60)
    expected = truth(account)
    arrived = messages(account.messages)
    facts = facts_of(arrived)
    found = fold_all(facts)
    assert found == expected
    arrived += random.choices(arrived, k=len(arrived) // 2)
    random.shuffle(arrived)
    assert fold_all(facts_of(arrived)) == found


@settings(max_examples=examples(12, 400), deadline=None, derandomize=not NIGHTLY)
@given(st.integers(0, 2**32))
def test_times_without_decimals_fold_to_the_truth(seed: int) -> None:
    account = ZendeskAccount(dice(seed), decimals=0)
    live(account, 60, pauses=WHOLE_PAUSES)
    assert fold_all(repeated(account.random, facts_of(messages(account.messages)))) == truth(account)


@settings(max_examples=examples(12, 400), deadline=None, derandomize=not NIGHTLY)
@given(st.integers(0, 2**32))
def test_messages_that_are_lost_and_come_later_make_up_for_it(seed: int) -> None:
    account = ZendeskAccount(dice(seed))
    live(account, 60)
    arrived = messages(account.messages)
    lost = set(account.random.sample(range(len(arrived)), len(arrived) // 3))
    some = [message for index, message in enumerate(arrived) if index not in lost]
    fold_all(facts_of(some))  # whatever it is, it does not fail
    late = [arrived[index] for index in lost]
    assert fold_all(facts_of([*some, *late])) == truth(account)


@settings(max_examples=examples(12, 400), deadline=None, derandomize=not NIGHTLY)
@given(st.integers(0, 2**32), st.booleans())
def test_pages_of_the_export_change_nothing_that_events_know(seed: int, metrics: bool) -> None:
    account = ZendeskAccount(dice(seed))
    at, pages = START, []
    for _ in range(4):
        at = live(account, 15, at=at, hides=not metrics)
        pages.append(account.export(metrics=metrics, users=True))
        at += 2 * MINUTE
    live(account, 10, at=at, hides=not metrics)
    arrived = [*messages(account.messages), *(item for page in (*pages, pages[0]) for item in history(page))]
    assert fold_all(repeated(account.random, facts_of(arrived))) == truth(account)


@settings(max_examples=examples(12, 400), deadline=None, derandomize=not NIGHTLY)
@given(st.integers(0, 2**32), st.booleans())
def test_a_back_fill_and_later_events_fold_to_the_truth(seed: int, metrics: bool) -> None:
    """Connected in the middle: the export has the state of then, with metric sets also the counters."""
    account = ZendeskAccount(dice(seed))
    at = live(account, 40, hides=not metrics)
    before, past = dict.fromkeys(account.tickets), len(account.messages)
    page = account.export(metrics=metrics, users=True)
    live(account, 30, at=at + 2 * MINUTE, hides=not metrics)
    arrived = [*messages(account.messages[past:]), *history(page)]
    found = tickets(fold_all(repeated(account.random, facts_of(arrived))))
    for record, expected in tickets(truth(account)).items():
        state = found[record]
        if not isinstance(expected, WholeRecord) or metrics or record not in before:
            assert without_merge(state) == without_merge(expected)
            continue
        assert isinstance(state, WholeRecord)
        unknown = {"replies", "reopens", "first_reply_minutes", "merged_into", "solved_at"}
        assert not {"replies", "reopens", "first_reply_minutes"} & state.fields.keys()
        assert without(state, unknown) == without(expected, unknown)
        assert state.fields.get("solved_at") in (None, expected.fields.get("solved_at"))


@settings(max_examples=examples(12, 400), deadline=None, derandomize=not NIGHTLY)
@given(st.integers(0, 2**32))
def test_the_trigger_template_folds_to_the_truth_without_counters(seed: int) -> None:
    account, bodies = ZendeskAccount(dice(seed)), []
    at, told = START, 0
    for _ in range(50):
        at = live(account, 1, at=at, pauses=WHOLE_PAUSES) - 3 * MINUTE + SECOND
        changed = {event["detail"]["id"] for event in account.messages[told:] if ":ticket:" in event["subject"]}
        told = len(account.messages)
        for ticket in sorted(changed):
            if not account.tickets[ticket].gone:
                signed = second(at + SECOND * account.random.choice([0, 0, 0, 1]))
                bodies.append((account.template(account.tickets[ticket]), signed))
    arrived = [webhook(body, signed=signed, connection=CONNECTION) for body, signed in bodies]
    again = [webhook(body, signed=second(at + MINUTE), connection=CONNECTION) for body, _ in bodies]
    found = fold_all(repeated(account.random, facts_of([*arrived, *again])))
    assert found == fold_all(facts_of(arrived))
    for ticket in account.tickets.values():
        if ticket.gone or ticket.merged_into:
            continue
        state, expected = found[ticket.id], whole(ticket)
        assert isinstance(state, WholeRecord)
        silent = {"custom_status", "organization", "brand", "plan", "replies", "reopens", "first_reply_minutes"}
        assert not silent & state.fields.keys()
        names = {"group": f"Group {ticket.group}", "assignee": ticket.assignee and f"Agent {ticket.assignee}"}
        minutes = {"created_at", "updated_at", "solved_at"}
        assert without(state, minutes) == without(whole(ticket, **names), {*silent, *minutes})
        for name in minutes & state.fields.keys():
            assert state.fields[name][:16] == expected.fields[name][:16]


def without(state: WholeRecord, names: Iterable[str]) -> WholeRecord:
    fields = {name: value for name, value in state.fields.items() if name not in names}
    return WholeRecord(state.record, fields, state.relationships)


def without_merge(state: FoldedState) -> FoldedState:
    """No export says into what a ticket was merged."""
    return without(state, {"merged_into"}) if isinstance(state, WholeRecord) else state
