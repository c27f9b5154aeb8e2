"""The code of a sign-in link works once, on whichever replica, for a minute."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crosslook.contracts.sign_in import SIGN_IN_PREFIX
from crosslook.contracts.topics import REPORTS
from crosslook.platform.clock import FixedClock
from crosslook.platform.errors import AppError
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.log_store.protocol import NotTheWriter
from crosslook.platform.reports_feed import ReportsFeed
from crosslook.platform.settings import AuthSettings
from crosslook.platform.token_signing import TokenSigner
from services.query_service.page.codes import SignInCodes

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
KEY = TokenSigner(Ed25519PrivateKey.generate())
CLAIMS: dict[str, Any] = {
    "iss": "crosslook-local",
    "aud": "crosslook-sign-in",
    "sub": "crosslook-command",
    "jti": "0123456789abcdef0123456789abcdef",
    "iat": NOW,
    "exp": NOW + timedelta(seconds=60),
    "tenant": "acme",
    "scope": "reports:read ops",
}


@dataclass(slots=True)
class Replica:
    """Where codes are exchanged."""

    codes: SignInCodes
    log: MemoryLog
    clock: FixedClock

    async def refuses(self, code: str) -> bool:
        """Whether a code is refused as not valid."""
        try:
            await self.codes.exchange(code)
        except AppError as error:
            return (error.status, error.problem.code) == (401, "sign_in_code_invalid")
        return False


async def replica(topic: MemoryTopic, at: datetime = NOW) -> Replica:
    log, clock = MemoryLog(topic), FixedClock(at)
    codes = SignInCodes(KEY, AuthSettings(), log, clock, 3600)
    await log.start()
    return Replica(codes, log, clock)


@pytest.fixture
def topic() -> MemoryTopic:
    return MemoryTopic(REPORTS.name)


def code(**changes: Any) -> str:
    """A good code but for these claims; None takes one away."""
    return KEY.sign({name: value for name, value in {**CLAIMS, **changes}.items() if value is not None})


async def test_a_code_gives_its_tenant_and_scopes(topic: MemoryTopic) -> None:
    session = await (await replica(topic)).codes.exchange(code())
    assert (session.tenant, session.subject, session.scopes) == (
        "acme",
        "crosslook-command",
        ("reports:read", "ops"),
    )
    assert session.expires_at == NOW + timedelta(hours=1)


async def test_a_code_works_once(topic: MemoryTopic) -> None:
    here = await replica(topic)
    await here.codes.exchange(code())
    assert await here.refuses(code())
    await here.codes.exchange(code(jti="another-code-of-the-same-kind"))


async def test_a_used_code_is_used_at_every_replica_and_after_a_restart(topic: MemoryTopic) -> None:
    await (await replica(topic)).codes.exchange(code())
    topic.compact()
    assert await (await replica(topic)).refuses(code())


@pytest.mark.parametrize(("seconds", "refused"), [(-6, True), (-4, False), (59, False), (60, True), (3600, True)])
async def test_a_code_is_valid_for_a_minute(topic: MemoryTopic, seconds: int, refused: bool) -> None:
    here = await replica(topic, NOW + timedelta(seconds=seconds))
    assert await here.refuses(code()) is refused


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "crosslook"},
        {"aud": None},
        {"iss": "somebody else"},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"jti": None},
        {"jti": "short"},
        {"jti": "a/slash/in/the/middle/of/it"},
        {"exp": NOW + timedelta(seconds=61)},
        {"tenant": "not a tenant"},
        {"tenant": 7},
        {"tenant": None},
        {"scope": ""},
        {"scope": "everything"},
        {"scope": None},
        {"scope": ["ops"]},
    ],
)
async def test_a_code_with_a_wrong_claim_is_refused(topic: MemoryTopic, changes: dict[str, Any]) -> None:
    here = await replica(topic)
    assert await here.refuses(code(**changes))
    assert not list(here.log.entries())


@pytest.mark.parametrize("wrong", ["", "x", "a.b.c", "é"])
async def test_what_is_no_code_is_refused(topic: MemoryTopic, wrong: str) -> None:
    assert await (await replica(topic)).refuses(wrong)


async def test_the_code_of_another_key_is_refused(topic: MemoryTopic) -> None:
    stranger = TokenSigner(Ed25519PrivateKey.generate())
    assert await (await replica(topic)).refuses(stranger.sign(CLAIMS))


async def test_claims_of_codes_that_expired_long_ago_are_removed(topic: MemoryTopic) -> None:
    here = await replica(topic)
    await here.codes.exchange(code())
    later = NOW + timedelta(minutes=10)
    here.clock.at = later
    times = {"iat": later, "exp": later + timedelta(seconds=60)}
    await here.codes.exchange(code(jti="the-second-of-these-codes", **times))
    assert len(here.log.entries()) == 2, "another replica's clock may be late"
    here.clock.at = latest = NOW + timedelta(minutes=17)
    times = {"iat": latest, "exp": latest + timedelta(seconds=60)}
    await here.codes.exchange(code(jti="the-third-of-these-codes", **times))
    assert set(here.log.entries()) == {
        f"{SIGN_IN_PREFIX}the-second-of-these-codes",
        f"{SIGN_IN_PREFIX}the-third-of-these-codes",
    }


async def test_a_log_that_fails_after_the_claim_does_not_use_up_the_code_for_nothing(
    topic: MemoryTopic, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await replica(topic)
    await here.codes.exchange(code())
    here.clock.at = later = NOW + timedelta(hours=1)
    put = here.log.put

    async def claims_only(key: str, value: bytes | None, *, expected_version: int | None = None) -> Any:
        if value is None:
            raise NotTheWriter
        return await put(key, value, expected_version=expected_version)

    monkeypatch.setattr(here.log, "put", claims_only)
    times = {"iat": later, "exp": later + timedelta(seconds=60)}
    session = await here.codes.exchange(code(jti="the-second-of-these-codes", **times))
    assert session.tenant == "acme"
    assert len(here.log.entries()) == 2


async def test_claims_of_codes_are_nobodys_saved_reports(topic: MemoryTopic) -> None:
    here = await replica(topic)
    feed = ReportsFeed(here.log)
    await here.codes.exchange(code())
    assert feed.of("~sign_in", CLAIMS["jti"]) == {}
    assert here.log.foreign == 0
    assert not here.log.unreadable
