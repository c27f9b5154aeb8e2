"""The worked examples of the page: signed as each vendor documents it, mapped by options alone."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import orjson
import pytest

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import read_structured
from crosslook.contracts.records import Admitted
from crosslook.contracts.schemas import SchemaState, built_in_contact
from crosslook.integrations.catalog import kept_headers
from crosslook.integrations.interface import FoldedState, RecordGone, SignatureVerdict, WebhookMessage, WholeRecord
from crosslook.integrations.publication import StatedFact, counted, fold_version, record_message
from tests.helpers.webhook_pages import GENERIC, WebhookExample, examples, signed_headers

NOW = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
EXAMPLES = examples()
SHOPIFY, STRIPE, GITHUB = (EXAMPLES[name] for name in ("shopify", "stripe", "github"))
each_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))


def verdict(
    example: WebhookExample, headers: dict[str, str], body: bytes, secrets: Sequence[str], now: datetime = NOW
) -> SignatureVerdict:
    return GENERIC.verify(headers, body, secrets, now, example.options)


def folded(example: WebhookExample, *messages: WebhookMessage) -> list[FoldedState]:
    facts = [StatedFact(fact) for message in messages for fact in GENERIC.facts(message)]
    return list(GENERIC.fold(counted(facts), example.connection()))


def test_the_page_has_the_three_examples() -> None:
    assert set(EXAMPLES) == {"shopify", "stripe", "github"}


@each_example
def test_the_options_of_an_example_are_valid_and_suit_its_object(example: WebhookExample) -> None:
    validator = jsonschema_rs.Draft202012Validator(dict(GENERIC.manifest.options))
    assert [error.message for error in validator.iter_errors(example.options)] == []
    assert list(GENERIC.check(example.options)) == []
    assert list(GENERIC.suits(example.options, example.definition)) == []
    assert set(kept_headers(GENERIC, example.options)) == set(example.headers)


@each_example
def test_a_message_that_the_vendor_signed_is_taken(example: WebhookExample) -> None:
    headers = signed_headers(example, example.body, example.secret, NOW)
    assert verdict(example, headers, example.body, [example.secret]) is SignatureVerdict.VALID
    assert verdict(example, headers, example.body, ["newer", example.secret]) is SignatureVerdict.VALID


@each_example
def test_any_other_message_is_refused(example: WebhookExample) -> None:
    headers = signed_headers(example, example.body, example.secret, NOW)
    assert verdict(example, headers, example.body + b" ", [example.secret]) is SignatureVerdict.BAD
    assert verdict(example, headers, example.body, ["another"]) is SignatureVerdict.BAD
    assert verdict(example, headers, example.body, []) is SignatureVerdict.BAD
    assert verdict(example, example.headers, example.body, [example.secret]) is SignatureVerdict.BAD
    for odd in ("", "sha256=", "t=,v1=", "t=x,v1=00", "é", "t" * 10_000):
        odd_headers = dict.fromkeys(headers, odd)
        assert verdict(example, odd_headers, example.body, [example.secret]) is SignatureVerdict.BAD


def test_an_old_signature_is_stale_and_a_very_old_one_expired() -> None:
    headers = signed_headers(STRIPE, STRIPE.body, STRIPE.secret, NOW)
    for late, expected in (
        (timedelta(seconds=300), SignatureVerdict.VALID),
        (timedelta(seconds=302), SignatureVerdict.STALE),
        (timedelta(hours=26), SignatureVerdict.EXPIRED),
        (-timedelta(hours=1), SignatureVerdict.EXPIRED),
    ):
        assert verdict(STRIPE, headers, STRIPE.body, [STRIPE.secret], NOW + late) is expected


def test_the_published_check_value_of_github_is_right_and_none_without_its_prefix() -> None:
    signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    secret, body = "It's a Secret to Everybody", b"Hello, World!"
    for prefix, expected in (("sha256=", SignatureVerdict.VALID), ("", SignatureVerdict.BAD)):
        assert verdict(GITHUB, {"x-hub-signature-256": prefix + signature}, body, [secret]) is expected


def test_the_standard_webhooks_scheme_fits() -> None:
    scheme = {
        "header": "webhook-signature",
        "encoding": "base64",
        "prefix": "v1,",
        "timestamp": {"header": "webhook-timestamp"},
        "signed": "{header:webhook-id}.{timestamp}.{body}",
        "secret": "base64",
    }
    key = b"0123456789abcdef01234567"
    secret = f"whsec_{base64.b64encode(key).decode()}"
    seconds = int(NOW.timestamp())
    digest = hmac.new(key, f"msg_1.{seconds}.{{}}".encode(), hashlib.sha256).digest()
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,AAAA v1,{base64.b64encode(digest).decode()} v2,BBBB",
    }
    assert GENERIC.verify(headers, b"{}", [secret], NOW, {"signature": scheme}) is SignatureVerdict.VALID
    assert GENERIC.verify({**headers, "webhook-id": "2"}, b"{}", [secret], NOW, {"signature": scheme}) is (
        SignatureVerdict.BAD
    )


@each_example
def test_a_message_makes_the_record_that_the_page_shows(example: WebhookExample) -> None:
    (state,) = folded(example, example.message())
    assert isinstance(state, WholeRecord)
    assert state.record == example.record
    assert state.fields == example.made["fields"]
    assert {slug: list(named) for slug, named in state.relationships.items()} == example.made["relationships"]


class OneObject:
    """The object of an example beside contact."""

    def __init__(self, example: WebhookExample) -> None:
        self._example = example

    def tenant_known(self, name: str) -> bool:
        return True

    def schema(self, name: str, object_slug: str) -> SchemaState | None:
        own = SchemaState(tenant=name, object=object_slug, version=1, definition=self._example.definition)
        return built_in_contact(name) if object_slug == "contact" else own


@each_example
def test_the_record_is_admitted(example: WebhookExample) -> None:
    facts = [StatedFact(fact) for fact in GENERIC.facts(example.message())]
    (state,) = GENERIC.fold(counted(facts), example.connection())
    assert isinstance(state, WholeRecord)
    message = record_message("acme", example.connection(), fold_version(facts), state)
    now = int(NOW.timestamp() * 1000)
    event = read_structured(orjson.loads(message.value), now)
    assert isinstance(Admission(OneObject(example)).admit(event, now, "acme"), Admitted)


def test_a_deleted_order_stays_deleted() -> None:
    deletion = SHOPIFY.message(b'{"id": 5940139491234}', x_shopify_topic="orders/delete", x_shopify_event_id="d")
    late = SHOPIFY.message(SHOPIFY.changed({"updated_at": "2026-12-01T00:00:00Z"}), x_shopify_event_id="late")
    for messages in ((SHOPIFY.message(), deletion, late), (late, deletion), (deletion,)):
        assert folded(SHOPIFY, *messages) == [RecordGone(SHOPIFY.record)]


def test_a_deletion_repeats_the_time_of_the_last_change() -> None:
    deletion = GITHUB.message(GITHUB.changed({"action": "deleted"}), x_github_delivery="0")
    assert folded(GITHUB, GITHUB.message(), deletion) == [RecordGone(GITHUB.record)]
    reopened = GITHUB.changed({"issue": {"updated_at": "2026-11-16T00:00:00Z"}})
    (state,) = folded(GITHUB, GITHUB.message(reopened, x_github_delivery="1"), deletion)
    assert isinstance(state, WholeRecord)


def test_a_creation_and_an_update_of_one_second_are_ordered_by_their_type() -> None:
    def status(kind: str, event: str, state: str) -> WebhookMessage:
        change = {"id": event, "type": f"customer.subscription.{kind}", "data": {"object": {"status": state}}}
        return STRIPE.message(STRIPE.changed(change))

    messages = [status("created", "evt_z", "incomplete"), status("updated", "evt_a", "active")]
    for order in (messages, messages[::-1]):
        (state,) = folded(STRIPE, *order)
        assert isinstance(state, WholeRecord)
        assert state.fields["status"] == "active"


def test_messages_of_other_types_are_ignored() -> None:
    assert GENERIC.facts(GITHUB.message(b'{"zen": "Keep it logically awesome."}', x_github_event="ping")) == ()
    other: dict[str, Any] = {"type": "invoice.paid", "data": {"object": {"id": {"odd": 1}}}}
    assert GENERIC.facts(STRIPE.message(STRIPE.changed(other))) == ()
