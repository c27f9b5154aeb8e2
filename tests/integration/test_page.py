"""The page on one origin: its files, its sessions, and the calls that only the page can make."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crosslook.contracts.topics import REPORTS
from crosslook.local.keys import issue
from crosslook.platform.auth import SCOPES
from crosslook.platform.errors import StopService
from crosslook.platform.log_store.memory import MemoryTopic
from crosslook.platform.routes import route_accesses
from services.query_service.page.layer import SERVICE_PATHS
from services.query_service.sign_in_settings import SignInSettings
from tests.architecture.test_routes import wrong
from tests.behaviours.logs import until
from tests.helpers.page import HTML, INDEX, ORIGIN, SCRIPT, PageStack, page_stack

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOOKS = "/api/query/v1/tenants/acme/looks"


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[PageStack]:
    async with page_stack(tmp_path) as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/t/acme/reports", "/sign-in", "/t/acme/v1", "/apiary"])
async def test_every_address_of_the_page_answers_the_page(stack: PageStack, path: str) -> None:
    response = await stack.client.get(path, headers=HTML)
    assert (response.status_code, response.content) == (200, INDEX)
    assert response.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == ("no-referrer" if path == "/sign-in" else "same-origin")
    assert "X-Request-Id" in response.headers
    head = await stack.client.head(path, headers=HTML)
    assert (head.status_code, head.content) == (200, b"")
    again = await stack.client.get(path, headers={**HTML, "If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/assets/missing-5e6f.js", "text/html,*/*"),
        ("/assets/%2e%2e/%2e%2e/secret.txt", "text/html"),
        ("/assets/..%2f..%2fsecret.txt", "text/html"),
        ("/t/acme/data.json", "application/json"),
        ("/v1/nothing", "text/html"),
        ("/api", "text/html"),
        ("/api/nothing", "text/html"),
    ],
)
async def test_what_is_missing_is_a_problem_and_never_the_page(stack: PageStack, path: str, accept: str) -> None:
    response = await stack.client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_an_asset_is_kept_for_ever(stack: PageStack) -> None:
    response = await stack.client.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.content) == (200, SCRIPT)
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_the_service_itself_answers_as_before(stack: PageStack) -> None:
    for path in sorted(SERVICE_PATHS):
        response = await stack.client.get(path, headers=HTML)
        assert response.content != INDEX, path
    assert (await stack.client.get("/docs")).headers["Content-Type"].startswith("text/html")
    assert (await stack.client.post("/t/acme", headers=HTML)).status_code == 404
    paths = {access.path for access in route_accesses(stack.app)}
    assert {path for path in paths if not path.startswith(("/v1/", "/api/"))} == SERVICE_PATHS


async def test_the_routes_of_sessions_are_the_only_ones_without_a_scope(tmp_path: Path) -> None:
    sign_in = SignInSettings(issuer="https://id.example", client_id="crosslook")
    async with page_stack(tmp_path, sign_in=sign_in) as stack:
        found = [(access.method, access.path) for access in wrong(list(route_accesses(stack.app)))]
        assert sorted(found) == [
            ("DELETE", "/api/session"),
            ("GET", "/api/sessions"),
            ("GET", "/api/sign-in"),
            ("GET", "/api/sign-in/callback"),
            ("POST", "/api/session"),
        ]
        assert not any(path.startswith("/api") for path in stack.app.openapi()["paths"])


async def test_a_link_begins_a_session_once(stack: PageStack) -> None:
    code = stack.code("acme", "reports:read schemas:read")
    begun = await stack.client.post("/api/session", json={"code": code})
    assert begun.status_code == 200
    item = begun.json()
    assert (item["tenant"], item["subject"], item["name"]) == ("acme", "crosslook-command", None)
    assert item["scopes"] == ["reports:read", "schemas:read"]
    listed = (await stack.client.get("/api/sessions")).json()
    assert listed == {"items": [item], "sign_in": {"oidc": False}}
    again = await stack.client.post("/api/session", json={"code": code}, headers={"Accept-Language": "fr"})
    assert (again.status_code, again.json()["code"]) == (401, "sign_in_code_invalid")
    assert again.json()["detail"].startswith("Ce lien de connexion")


async def test_a_bearer_token_is_not_a_code_and_a_code_is_not_a_token(stack: PageStack) -> None:
    token = issue(stack.folder, "acme", "reports:read", timedelta(seconds=60))
    assert (await stack.client.post("/api/session", json={"code": token})).status_code == 401
    bearer = {"Authorization": f"Bearer {stack.code()}"}
    assert (await stack.client.get("/v1/tenants/acme/looks", headers=bearer)).status_code == 401


async def test_two_replicas_take_a_code_once(tmp_path: Path) -> None:
    topic = MemoryTopic(REPORTS.name)
    async with page_stack(tmp_path, topic=topic) as writer, page_stack(tmp_path, topic=topic) as other:
        await until(lambda: writer.reports.writes)
        code = writer.code()
        assert (await writer.client.post("/api/session", json={"code": code})).status_code == 200
        assert (await writer.client.post("/api/session", json={"code": code})).status_code == 401
        # The replicas share keys: a session of one is one of the other.
        other.client.cookies = writer.client.cookies
        assert (await other.call(LOOKS)).status_code == 200


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"json": {"code": "x"}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403, "not_from_page"),
        ({"data": {"code": "x"}}, 415, "unsupported_media_type"),
        ({"content": b'{"code": "x"}', "headers": {"Content-Type": "text/plain"}}, 415, "unsupported_media_type"),
        ({"json": {"code": 7}}, 422, "wrong_type"),
        ({"json": {}}, 422, "required_missing"),
        ({"json": {"code": "x", "tenant": "*"}}, 422, "unknown_property"),
        ({"json": {"code": "x" * 5000}}, 422, "too_long"),
    ],
)
async def test_another_site_cannot_begin_a_session(
    stack: PageStack, options: dict[str, Any], status: int, code: str
) -> None:
    response = await stack.client.post("/api/session", **options)
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("service", ["schema", "snapshot", "query"])
async def test_no_call_of_another_site_reaches_a_service(stack: PageStack, method: str, service: str) -> None:
    await stack.sign_in()
    path = f"/api/{service}/v1/tenants/acme/looks"
    named = {"X-Crosslook-Session": "acme"}
    for headers in ({}, {**named, "Sec-Fetch-Site": "cross-site"}, {**named, "Sec-Fetch-Site": "same-site"}):
        response = await stack.client.request(method, path, headers=headers)
        assert response.status_code == 403, headers
        assert method == "HEAD" or response.json()["code"] == "not_from_page"


async def test_a_call_without_its_session_says_that_it_expired(stack: PageStack) -> None:
    for tenant in ("acme", "*", "no tenant; at all"):
        response = await stack.call(LOOKS, tenant)
        assert (response.status_code, response.json()["code"]) == (401, "session_expired")
    await stack.sign_in("acme")
    assert (await stack.call(LOOKS, "globex")).status_code == 401
    assert (await stack.call(LOOKS, "acme")).status_code == 200


async def test_two_tenants_are_open_side_by_side_and_never_see_each_other(stack: PageStack) -> None:
    await stack.sign_in("acme")
    await stack.sign_in("globex")
    theirs = "/api/query/v1/tenants/globex/looks"
    assert [(await stack.call(path, "acme")).status_code for path in (LOOKS, theirs)] == [200, 404]
    assert [(await stack.call(path, "globex")).status_code for path in (LOOKS, theirs)] == [404, 200]
    left = await stack.client.delete("/api/session", headers={"X-Crosslook-Session": "acme"})
    assert left.status_code == 204
    assert (await stack.call(LOOKS, "acme")).status_code == 401
    assert (await stack.call(theirs, "globex")).status_code == 200


async def test_a_session_can_do_what_its_scopes_say_and_no_more(stack: PageStack) -> None:
    await stack.sign_in("acme", "schemas:read")
    response = await stack.call(LOOKS)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    stranger = {"Authorization": f"Bearer {issue(stack.folder, 'acme', 'reports:read', timedelta(minutes=1))}"}
    assert (await stack.call(LOOKS, headers=stranger)).status_code == 403, "the client's own token must not count"


async def test_a_session_ends(stack: PageStack) -> None:
    await stack.sign_in()
    stack.later(timedelta(hours=11, minutes=59))
    assert len((await stack.client.get("/api/sessions")).json()["items"]) == 1
    stack.later(timedelta(minutes=2))
    assert (await stack.client.get("/api/sessions")).json()["items"] == []
    assert (await stack.call(LOOKS)).json()["code"] == "session_expired"


@pytest.mark.parametrize("header", [{}, {"X-Crosslook-Session": "a=b; c"}, {"X-Crosslook-Session": "x\ty"}])
async def test_sign_out_names_its_session(stack: PageStack, header: dict[str, str]) -> None:
    response = await stack.client.delete("/api/session", headers=header)
    assert (response.status_code, response.json()["code"]) == (403, "not_from_page")


@pytest.mark.parametrize(
    "path", ["/metrics", "/readyz", "/docs", "/openapi.json", "/v1/../metrics", "/v1/%2e%2e/metrics", "/v1", "/"]
)
@pytest.mark.parametrize("service", ["schema", "snapshot", "query"])
async def test_only_the_interfaces_of_services_are_reached(stack: PageStack, service: str, path: str) -> None:
    await stack.sign_in()
    response = await stack.call(f"{ORIGIN}/api/{service}{path}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_without_a_signing_key_there_are_no_sessions(tmp_path: Path) -> None:
    async with page_stack(tmp_path, signing_key_file=None) as stack:
        assert (await stack.client.get("/", headers=HTML)).content == INDEX
        for path in ("/api/sessions", LOOKS):
            assert (await stack.call(path)).status_code == 404


async def test_without_a_folder_there_is_no_page(tmp_path: Path) -> None:
    async with page_stack(tmp_path, folder=None) as stack:
        assert (await stack.client.get("/", headers=HTML)).status_code == 404
        assert (await stack.client.get("/api/sessions")).status_code == 200


async def test_where_authentication_is_off_everyone_has_a_session(tmp_path: Path) -> None:
    async with page_stack(tmp_path, mode="off", signing_key_file=None, session_keys_file=None) as stack:
        [session] = (await stack.client.get("/api/sessions")).json()["items"]
        assert (session["tenant"], session["subject"], session["scopes"]) == ("*", "anonymous", list(SCOPES))
        assert (await stack.call(LOOKS, "*")).status_code == 200
        assert (await stack.client.get(LOOKS)).status_code == 403
        assert (await stack.client.post("/api/session", json={"code": stack.code()})).status_code == 401


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"session_keys_file": None}, "must name keys of sessions"),
        ({"signing_key_file": Path("/nowhere/key.pem")}, "No such file"),
        ({"session_keys_file": Path("/nowhere/keys")}, "No such file"),
    ],
)
async def test_a_start_without_usable_keys_says_so(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(StopService, match=reason):
        async with page_stack(tmp_path, **change):
            pass


async def test_a_key_of_another_kind_stops_the_start(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n")
    with pytest.raises(StopService, match="not an Ed25519 key in PEM"):
        async with page_stack(tmp_path, signing_key_file=key):
            pass


async def test_sign_in_without_an_address_of_the_page_stops_the_start(tmp_path: Path) -> None:
    sign_in = SignInSettings(issuer="https://id.example", client_id="crosslook")
    with pytest.raises(StopService, match="CROSSLOOK_PAGE__PUBLIC_URL"):
        async with page_stack(tmp_path, sign_in=sign_in, public_url=None):
            pass


async def test_without_a_provider_there_is_no_way_to_it(stack: PageStack) -> None:
    response = await stack.client.get("/api/sign-in")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
