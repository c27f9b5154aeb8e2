"""Which secrets of a connection are valid after they were replaced."""

from datetime import UTC, datetime, timedelta

from services.schema_service.domain.signing_secrets import SECRETS_MOST, SigningSecret, valid_secrets, with_secret

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def shown(secrets: list[SigningSecret]) -> list[tuple[str, float | None]]:
    return [(s.text, (s.until - NOW) / timedelta(hours=1) if s.until is not None else None) for s in secrets]


def replaced(*texts: str, grace: int | None = None, now: datetime = NOW) -> list[SigningSecret]:
    secrets: list[SigningSecret] = []
    for text in texts:
        secrets = with_secret(secrets, text, grace, now)
    return secrets


def test_a_replaced_secret_is_valid_for_a_day() -> None:
    secrets = replaced("a", "b")
    assert shown(secrets) == [("b", None), ("a", 24)]
    assert shown(valid_secrets(secrets, hours(23.9))) == [("b", None), ("a", 24)]
    assert shown(valid_secrets(secrets, hours(24))) == [("b", None)]


def test_the_same_secret_again_changes_nothing() -> None:
    secrets = replaced("a", "b")
    assert with_secret(secrets, "b", None, hours(1)) == secrets
    assert with_secret(secrets, None, None, hours(1)) == secrets


def test_the_grace_can_be_said_and_never_becomes_longer() -> None:
    assert shown(replaced("a", "b", grace=1)) == [("b", None), ("a", 1)]
    assert shown(with_secret(replaced("a", "b"), "c", 1, NOW)) == [("c", None), ("b", 1), ("a", 1)]
    assert shown(with_secret(replaced("a", "b"), None, 168, hours(1))) == [("b", None), ("a", 24)]


def test_no_grace_ends_all_others_at_once() -> None:
    assert shown(with_secret(replaced("a", "b"), "c", 0, hours(1))) == [("c", None)]
    assert shown(with_secret(replaced("a", "b"), None, 0, hours(1))) == [("b", None)]


def test_a_secret_that_comes_back_is_the_current_one() -> None:
    assert shown(replaced("a", "b", "a")) == [("a", None), ("b", 24)]


def test_only_the_newest_stay() -> None:
    assert [secret.text for secret in replaced(*"abcdef")] == list("fedcba")[:SECRETS_MOST]


def test_what_is_sealed_stays_so() -> None:
    (new, old) = with_secret([SigningSecret("a", sealed="sealed a")], "b", None, NOW)
    assert (new.sealed, old.sealed) == ("", "sealed a")


def test_a_secret_does_not_show_itself() -> None:
    assert "whsec" not in repr(SigningSecret("whsec"))
