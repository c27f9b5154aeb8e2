"""The vendors of the demonstration: the same story each time, signed as the integrations verify, with its truth."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.integrations.catalog import integrations
from crosslook.integrations.interface import SignatureVerdict
from crosslook.local.demo.dataset import Dataset, make_dataset
from crosslook.local.demo.deliver import signed_headers
from crosslook.local.demo.truth import wrong_figures
from crosslook.local.demo.vendor_truth import VENDOR_REPORTS, vendor_truth
from crosslook.local.demo.vendors import CALENDLY, VENDORS, ZENDESK, VendorStory, tell_vendors

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
RECORDS = 3_000


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset(NOW, RECORDS)


@pytest.fixture(scope="module")
def story(dataset: Dataset) -> VendorStory:
    return tell_vendors(dataset, NOW, RECORDS)


def test_the_story_is_told_the_same_each_time(dataset: Dataset, story: VendorStory) -> None:
    assert tell_vendors(dataset, NOW, RECORDS) == story


def test_messages_are_repeated_and_out_of_order(story: VendorStory) -> None:
    bodies = [message.body for message in story.messages]
    assert story.repeats > 10
    assert sum(Counter(bodies).values()) - len(Counter(bodies)) >= story.repeats
    times = [json.loads(m.body)["time"] for m in story.messages if (m.tenant, m.vendor) == ("acme", ZENDESK)]
    assert times != sorted(times)
    assert max(times) < f"{NOW:%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize("vendor", VENDORS)
def test_messages_are_signed_as_the_vendor_signs(story: VendorStory, vendor: str) -> None:
    verify = integrations()[vendor].verify
    message = next(message for message in story.messages if message.vendor == vendor)
    headers = {name.lower(): value for name, value in signed_headers(message, "s3cret", NOW).items()}
    assert verify(headers, message.body, ["s3cret"], NOW, {}) is SignatureVerdict.VALID
    assert verify(headers, message.body + b" ", ["s3cret"], NOW, {}) is SignatureVerdict.BAD


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_reports_show_what_one_message_cannot_say(dataset: Dataset, story: VendorStory, vendor: str) -> None:
    totals = vendor_truth(dataset, story, "acme", vendor).totals
    assert len(totals) == len(VENDOR_REPORTS[vendor]["measures"])
    assert all(figure > 0 for figure in totals)
    if vendor == CALENDLY:
        _, _, reschedules, moved, _ = totals
        assert reschedules > moved  # some booking moved more than once


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("column", [1, 2, 3, 4, 5])
def test_one_wrong_figure_is_noticed(dataset: Dataset, story: VendorStory, vendor: str, column: int) -> None:
    truth = vendor_truth(dataset, story, "acme", vendor)
    result: dict[str, Any] = {
        "rows": [[country, *row] for country, row in truth.rows.items()],
        "totals": [None, *truth.totals],
        "join": {"kept": truth.kept, "dropped": truth.dropped},
    }
    assert wrong_figures(truth, result) == []
    result["rows"][0][column] = (result["rows"][0][column] or 0) + 1
    assert [figure.key for figure in wrong_figures(truth, result)] == ["demo_differs"]
