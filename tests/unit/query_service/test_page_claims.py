"""What the claims of an identity provider give a person here."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.query_service.page.claims import Access, access_of, claim_at
from services.query_service.sign_in_settings import SignInSettings


def access(claims: dict[str, Any], **settings: Any) -> Access | None:
    return access_of({"sub": "ann", **claims}, SignInSettings(**settings))


def test_by_default_claims_name_the_tenant_and_the_scopes() -> None:
    found = access({"tenant": "acme", "crosslook_scopes": "reports:read unknown schemas:read", "name": "Ann"})
    assert found == Access("ann", "Ann", ("acme",), ("schemas:read", "reports:read"))


def test_roles_are_mapped_to_scopes_and_nothing_else_counts() -> None:
    mapped = {"analysts": "reports:read reports:write", "admins": "ops"}
    found = access(
        {"tenant": "acme", "realm_access": {"roles": ["analysts", "ops", 7, None]}},
        scope_claim="realm_access.roles",
        scope_map=mapped,
    )
    assert found is not None
    assert found.scopes == ("reports:read", "reports:write")


def test_a_claim_whose_name_has_dots_is_found() -> None:
    claims = {"https://acme.example/tenant": "acme", "a": {"b": {"c": 1}}}
    assert claim_at(claims, "https://acme.example/tenant") == "acme"
    assert claim_at(claims, "a.b.c") == 1
    assert claim_at(claims, "a.x.c") is None
    assert claim_at(claims, "https://acme.example/tenant.x") is None


def test_everyone_with_a_tenant_has_the_default_scopes() -> None:
    found = access({"tenant": "acme"}, default_scopes=("reports:read",))
    assert found is not None
    assert found.scopes == ("reports:read",)


@pytest.mark.parametrize("tenant", [None, "", "*", "../x", "a b", 7, {}, [], [7], ["*"], "x" * 64])
def test_a_claim_that_names_no_tenant_gives_no_access(tenant: Any) -> None:
    assert access({"tenant": tenant}, default_scopes=("reports:read",)) is None


def test_nobody_is_an_operator_unless_the_settings_say_which_value_makes_one() -> None:
    everything = {"tenant": ["acme", "everything"]}
    ordinary = access(everything, default_scopes=("ops",))
    operator = access(everything, default_scopes=("ops",), operator_value="everything")
    assert ordinary is not None
    assert operator is not None
    assert (ordinary.tenants, operator.tenants) == (("acme", "everything"), ("*",))


def test_a_person_of_many_tenants_has_ten_of_them() -> None:
    found = access({"tenant": [f"t{n}" for n in range(20)]}, default_scopes=("ops",))
    assert found is not None
    assert found.tenants == tuple(f"t{n}" for n in range(10))


@pytest.mark.parametrize("name", [None, "", "  ", 7])
def test_a_name_is_a_text_or_none(name: Any) -> None:
    found = access({"tenant": "acme", "name": name}, default_scopes=("ops",))
    assert found is not None
    assert found.name is None


@pytest.mark.parametrize(
    "wrong",
    [{"scope_map": {"x": "reports:raed"}}, {"default_scopes": ("all",)}, {"scopes": ("profile",)}, {"issuer": "acme"}],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SignInSettings(**wrong)
