"""`crosslook open` on a running stack: a link that begins a session, which reaches all three services on one origin."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.conftest import Crosslook


@pytest.fixture(scope="module")
def stack(crosslook: Crosslook) -> Crosslook:
    """The whole stack."""
    up = crosslook.up()
    assert up.status == 0, up.err
    return crosslook


@contextmanager
def signed_in(stack: Crosslook, *options: str) -> Iterator[httpx.Client]:
    """A browser that followed a link."""
    ran = stack("open", "--json", "--no-browser", *options)
    assert ran.status == 0, ran.err
    assert ran.json["opened"] is False
    link = urlsplit(ran.json["url"])
    assert (link.hostname, link.path, link.port) == ("127.0.0.1", "/sign-in", stack.port_base + 3)
    with httpx.Client(base_url=f"http://{link.netloc}", trust_env=False, timeout=30) as browser:
        code = {"code": link.fragment}
        answers = [browser.post("/api/session", json=code).status_code for _ in range(2)]
        assert answers == [200, 401]
        yield browser


def test_an_operator_reaches_all_services_on_one_origin(stack: Crosslook) -> None:
    with signed_in(stack) as browser:
        assert [item["tenant"] for item in browser.get("/api/sessions").json()["items"]] == ["*"]
        browser.headers["X-Crosslook-Session"] = "*"
        for call in ("schema/v1/integrations", "snapshot/v1/snapshots", "query/v1/tenants/acme/catalog"):
            assert browser.get(f"/api/{call}").status_code == 200, call


def test_a_link_for_one_tenant_opens_that_one_only(stack: Crosslook) -> None:
    with signed_in(stack, "--tenant", "acme", "--scope", "schemas:read reports:read") as browser:
        browser.headers["X-Crosslook-Session"] = "acme"
        assert browser.get("/api/query/v1/tenants/acme/catalog").status_code == 200
        assert browser.get("/api/query/v1/tenants/globex/catalog").status_code == 404
        assert browser.get("/api/snapshot/v1/snapshots").status_code == 403
