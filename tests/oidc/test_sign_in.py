"""People sign in to the page at a certified OpenID provider, a process of its own (Node; `make test` installs it)."""

import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.query_service.page.sign_in import CALLBACK_PATH
from services.query_service.sign_in_settings import SignInSettings
from tests.architecture.sources import ROOT
from tests.helpers.page import HTML, INDEX, ORIGIN, PageStack, page_stack
from tests.helpers.processes import stop

INSTALLED = ROOT / ".venv/oidc/node_modules"
SECRET = "a-client-secret-for-loopback"
RETURN_TO = "/t/acme/reports?object=ticket"
ACCOUNTS: dict[str, dict[str, Any]] = {
    "ann": {"name": "Ann Droid", "tenant": "acme", "groups": ["analysts", "others"]},
    "ops": {"name": "Olga", "tenant": "everything", "groups": ["operators"]},
    "two": {"tenant": ["acme", "globex"], "groups": ["analysts"]},
    "lost": {"tenant": "not a tenant!", "groups": ["analysts"]},
    "idle": {"tenant": "acme", "groups": ["others"]},
}


@dataclass(frozen=True, slots=True)
class Provider:
    """The running provider."""

    issuer: str

    def settings(self, **changes: Any) -> SignInSettings:
        """How the page uses it."""
        made: dict[str, Any] = {
            "issuer": self.issuer,
            "client_id": "crosslook",
            "client_secret": SECRET,
            "scopes": ("openid", "profile", "crosslook"),
            "operator_value": "everything",
            "scope_claim": "groups",
            "scope_map": {"analysts": "reports:read reports:write", "operators": "ops reports:read"},
        }
        return SignInSettings(**{**made, **changes})


@pytest.fixture(scope="module", params=[True, False], ids=["claims at UserInfo", "claims in the ID token"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    node = shutil.which("node")
    assert node is not None, "node is missing: apt-get install nodejs npm"
    assert INSTALLED.is_dir(), "the provider is missing: run `make .venv/oidc/.installed`"
    shared = {"redirect_uris": [ORIGIN + CALLBACK_PATH], "grant_types": ["authorization_code"]}
    public = {"client_id": "public", "token_endpoint_auth_method": "none", **shared}
    clients = [{"client_id": "crosslook", "client_secret": SECRET, **shared}, public]
    given = {"clients": clients, "accounts": ACCOUNTS, "conformIdTokenClaims": request.param}
    command = [node, str(Path(__file__).parent / "provider.mjs"), str(INSTALLED)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(given).encode())
    process.stdin.flush()
    try:
        yield Provider(json.loads(process.stdout.readline())["issuer"])
    finally:
        process.stdin.close()
        stop(process)
        process.stdout.close()


@pytest.fixture
async def stack(provider: Provider, tmp_path: Path) -> AsyncIterator[PageStack]:
    async with page_stack(tmp_path, sign_in=provider.settings()) as made:
        yield made


async def begun(stack: PageStack, return_to: str = RETURN_TO) -> str:
    """The address at the provider to which the page sends a browser."""
    response = await stack.client.get("/api/sign-in", params={"return_to": return_to})
    assert response.status_code == 302
    return response.headers["Location"]


async def at_provider(stack: PageStack, url: str, login: str, *, consent: bool = True) -> str:
    """Sign in at the provider; answers the address of the page that it redirects to."""
    for _ in range(12):
        response = await stack.client.get(url)
        if response.status_code == 200:
            prompt = "login" if 'name="login"' in response.text else "consent"
            if prompt == "consent" and not consent:
                url = f"{str(response.url).rstrip('/')}/abort"
                continue
            form = {"prompt": prompt, "login": login, "password": "any"}
            action = re.search(r'action="([^"]+)"', response.text)
            assert action is not None, response.text
            response = await stack.client.post(str(response.url.join(action[1])), data=form)
        url = str(response.url.join(response.headers["Location"]))
        if url.startswith(ORIGIN):
            return url
    raise AssertionError("the provider did not come back")


async def arrived(stack: PageStack, callback: str) -> httpx.Response:
    """The page's answer to the provider's redirect, as a browser asks: a cross-site navigation brings no Strict
    cookie."""
    lax = {cookie.name: cookie.value or "" for cookie in stack.client.cookies.jar if "sign-in" in cookie.name}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in lax.items()), "Sec-Fetch-Site": "cross-site"}
    return await stack.client.get(callback, headers={**headers, **HTML})


async def signed_in(stack: PageStack, login: str) -> httpx.Response:
    """The answer at the end of a sign-in."""
    return await arrived(stack, await at_provider(stack, await begun(stack), login))


def cookies_set(response: httpx.Response) -> dict[str, Any]:
    """The cookies that an answer sets, by name."""
    found: SimpleCookie = SimpleCookie()
    for header in response.headers.get_list("Set-Cookie"):
        found.load(header)
    return dict(found)


def refusal(response: httpx.Response) -> tuple[str, str]:
    """The code with which a sign-in ended, and where it wanted to."""
    place = urlsplit(response.headers["Location"])
    assert (response.status_code, place.path, place.netloc) == (303, "/sign-in", "")
    asked = parse_qs(place.query)
    return asked["error"][0], asked["return_to"][0]


async def sessions(stack: PageStack) -> list[dict[str, Any]]:
    """The browser's sessions."""
    found: list[dict[str, Any]] = (await stack.client.get("/api/sessions")).json()["items"]
    return found


async def test_a_person_signs_in_and_lands_where_the_page_was(stack: PageStack) -> None:
    response = await signed_in(stack, "ann")
    assert (response.status_code, response.headers["Location"]) == (303, RETURN_TO)
    [session] = await sessions(stack)
    assert session["tenant"] == "acme"
    assert (session["subject"], session["name"]) == ("ann", "Ann Droid")
    assert session["scopes"] == ["reports:read", "reports:write"]
    assert (await stack.call("/api/query/v1/tenants/acme/looks")).status_code == 200
    assert (await stack.client.get("/api/sessions")).json()["sign_in"] == {"oidc": True}


async def test_the_session_is_strict_and_the_first_page_needs_no_cookie(stack: PageStack) -> None:
    way = await stack.client.get("/api/sign-in")
    [(name, attempt)] = cookies_set(way).items()
    assert name.startswith("crosslook-sign-in.")
    assert (attempt["samesite"], attempt["path"], attempt["max-age"]) == ("Lax", "/api/sign-in", "600")
    response = await arrived(stack, await at_provider(stack, way.headers["Location"], "ann"))
    given = cookies_set(response)
    session = given["crosslook-session.acme"]
    assert (session["samesite"], session["path"], bool(session["httponly"])) == ("Strict", "/api", True)
    assert given[name]["max-age"] == "0"
    page = await stack.client.get(RETURN_TO, headers={**HTML, "Cookie": "", "Sec-Fetch-Site": "cross-site"})
    assert (page.status_code, page.content) == (200, INDEX)
    assert [item["tenant"] for item in await sessions(stack)] == ["acme"]


async def test_an_operator_has_one_session_for_all_tenants(stack: PageStack) -> None:
    await signed_in(stack, "ops")
    assert [(item["tenant"], item["scopes"]) for item in await sessions(stack)] == [("*", ["reports:read", "ops"])]


async def test_a_person_of_two_tenants_has_a_session_for_each(stack: PageStack) -> None:
    await signed_in(stack, "two")
    assert [item["tenant"] for item in await sessions(stack)] == ["acme", "globex"]


@pytest.mark.parametrize("login", ["lost", "idle"])
async def test_a_person_without_a_tenant_or_without_a_scope_has_no_access(stack: PageStack, login: str) -> None:
    response = await signed_in(stack, login)
    assert refusal(response) == ("no_access", RETURN_TO)
    assert await sessions(stack) == []


async def test_refused_consent_is_denied(stack: PageStack) -> None:
    callback = await at_provider(stack, await begun(stack), "ann", consent=False)
    assert refusal(await arrived(stack, callback)) == ("denied", RETURN_TO)
    assert await sessions(stack) == []


async def test_another_state_is_refused(stack: PageStack) -> None:
    callback = await at_provider(stack, await begun(stack), "ann")
    state = parse_qs(urlsplit(callback).query)["state"][0]
    for wrong in (state[:16] + "x" * (len(state) - 16), "x" * len(state), ""):
        assert refusal(await arrived(stack, callback.replace(state, wrong)))[0] == "expired"
    assert await sessions(stack) == []


async def test_a_callback_works_once(stack: PageStack) -> None:
    callback = await at_provider(stack, await begun(stack), "ann")
    kept = {cookie.name: cookie.value or "" for cookie in stack.client.cookies.jar if "sign-in" in cookie.name}
    assert (await arrived(stack, callback)).headers["Location"] == RETURN_TO
    assert refusal(await arrived(stack, callback))[0] == "expired"
    # Even with the cookie that was removed: the provider knows the code.
    for name, value in kept.items():
        stack.client.cookies.set(name, value, domain="page.test", path="/api/sign-in")
    assert refusal(await arrived(stack, callback))[0] == "failed"


async def test_another_browser_cannot_use_a_callback(stack: PageStack) -> None:
    callback = await at_provider(stack, await begun(stack), "ann")
    stack.client.cookies.clear()
    assert refusal(await arrived(stack, callback))[0] == "expired"


async def test_an_answer_of_another_issuer_is_refused(stack: PageStack, provider: Provider) -> None:
    callback = await at_provider(stack, await begun(stack), "ann")
    query = parse_qs(urlsplit(callback).query)
    assert query["iss"] == [provider.issuer]
    parameters = {"code": query["code"][0], "state": query["state"][0]}
    other = httpx.URL(ORIGIN + CALLBACK_PATH, params={**parameters, "iss": "https://elsewhere.example"})
    assert refusal(await arrived(stack, str(other)))[0] == "failed"


async def test_sign_out_ends_the_session(stack: PageStack) -> None:
    await signed_in(stack, "ann")
    response = await stack.client.delete("/api/session", headers={"X-Crosslook-Session": "acme"})
    assert response.status_code == 204
    assert await sessions(stack) == []
    assert (await stack.call("/api/query/v1/tenants/acme/looks")).json()["code"] == "session_expired"


async def test_a_public_client_signs_in_with_pkce_alone(provider: Provider, tmp_path: Path) -> None:
    async with page_stack(tmp_path, sign_in=provider.settings(client_id="public", client_secret="")) as stack:
        await signed_in(stack, "ann")
        assert [item["tenant"] for item in await sessions(stack)] == ["acme"]


@pytest.mark.parametrize("change", [{"client_secret": "wrong"}, {"issuer": "http://127.0.0.1:9/wrong"}])
async def test_a_wrong_registration_fails_and_says_so(
    provider: Provider, tmp_path: Path, change: dict[str, str]
) -> None:
    settings = provider.settings(discovery_url=f"{provider.issuer}/.well-known/openid-configuration", **change)
    async with page_stack(tmp_path, sign_in=settings) as stack:
        way = await stack.client.get("/api/sign-in", params={"return_to": RETURN_TO})
        if way.status_code == 302:
            way = await arrived(stack, await at_provider(stack, way.headers["Location"], "ann"))
        assert refusal(way) == ("failed", RETURN_TO)


async def test_a_provider_that_is_away_fails_at_once(tmp_path: Path) -> None:
    settings = Provider("http://127.0.0.1:9").settings()
    async with page_stack(tmp_path, sign_in=settings) as stack:
        assert refusal(await stack.client.get("/api/sign-in"))[0] == "failed"
