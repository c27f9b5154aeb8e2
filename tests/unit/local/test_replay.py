"""What `crosslook replay` asks of the service, and what it tells people of the answer."""

from typing import Any

import pytest

from crosslook.contracts.problems import Language
from crosslook.local.commands.replay import replay_request, show_replay
from crosslook.local.terminal import Terminal

NOBODY: dict[str, str | None] = {"tenant": None, "object": None, "code": None, "source": None}


@pytest.mark.parametrize(
    ("ids", "wanted", "body"),
    [
        ((), NOBODY, {"filter": {}}),
        ((), {**NOBODY, "code": "unknown_field"}, {"filter": {"code": "unknown_field"}}),
        (("a,b", "c"), NOBODY, {"ids": ["a", "b", "c"]}),
        (("a",), {**NOBODY, "tenant": "acme"}, {"ids": ["a"], "filter": {"tenant": "acme"}}),
        ((" ",), NOBODY, {"ids": []}),
    ],
)
def test_ids_or_a_filter_are_asked_for_as_they_were_typed(
    ids: tuple[str, ...], wanted: dict[str, str | None], body: dict[str, Any]
) -> None:
    assert replay_request(ids, wanted, dry_run=True) == {**body, "dry_run": True}
    assert replay_request(ids, wanted, dry_run=False) == {**body, "dry_run": False}


@pytest.mark.parametrize(
    ("language", "told", "lines"),
    [
        (
            "en",
            {"dry_run": True, "matched": 3, "would_admit": 2, "still_refused": [{"code": "wrong_type", "count": 1}]},
            ["3 events match, 2 of them would be admitted", "Still refused", "wrong_type"],
        ),
        (
            "fr",
            {"dry_run": True, "matched": 3, "would_admit": 3, "still_refused": []},
            ["3 événements correspondent, dont 3 seraient admis"],
        ),
        (
            "fr",
            {"dry_run": False, "matched": 3, "replayed": 3, "still_refused": [{"code": "not_json", "count": 3}]},
            ["3 événements sur 3 ont été rejoués", "Toujours refusés", "not_json"],
        ),
    ],
)
def test_the_answer_is_told_in_the_persons_language(
    capsys: pytest.CaptureFixture[str], language: Language, told: dict[str, Any], lines: list[str]
) -> None:
    show_replay(Terminal(language), told)
    out = capsys.readouterr().out
    assert [line for line in lines if line not in out] == []
    assert ("Still refused" in out or "Toujours refusés" in out) == bool(told["still_refused"])
