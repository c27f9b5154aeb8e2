"""Puts the page together from its settings."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.middleware import Middleware

from crosslook.platform.clock import Clock
from crosslook.platform.errors import StopService
from crosslook.platform.http import OuterLayers
from crosslook.platform.log_store.protocol import LogStore
from crosslook.platform.responses import problem_response
from crosslook.platform.sealing import SecretSealer
from crosslook.platform.settings import AuthSettings
from crosslook.platform.streamed import StreamedBodies
from crosslook.platform.token_signing import TokenSigner, load_signing_key
from services.query_service.page.api import sessions_router
from services.query_service.page.bearer import SessionTokens
from services.query_service.page.codes import SignInCodes
from services.query_service.page.files import PageFiles
from services.query_service.page.layer import PageLayer, TokenOf
from services.query_service.page.session_reading import SessionReader
from services.query_service.page.sessions import SessionCookies
from services.query_service.page.upstream import Upstream
from services.query_service.page_settings import PageSettings

_IMPORT = re.compile(r"/api/schema/v1/tenants/[^/]+/objects/[^/]+/import")


@dataclass(frozen=True, slots=True)
class Page:
    """What the application needs of the page: layers around it, routes in it, and what is closed at the end."""

    outer: OuterLayers | None = None
    routers: tuple[APIRouter, ...] = ()
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()


def build_page(settings: PageSettings, auth: AuthSettings, reports: LogStore, clock: Clock) -> Page:
    """The page that the settings ask for: files with a folder, `/api` with a key that signs the tokens of sessions, or
    where authentication is off. Nothing without any of them.

    Raises StopService where a key cannot be used."""
    files = PageFiles(settings.folder) if settings.folder is not None else None
    signer = _signer(settings)
    if signer is None and (auth.mode == "jwt" or files is None):
        return _page(files, None, {}, settings)
    cookies = SessionCookies(_sealer(settings, auth), secure=settings.secure)
    tokens = SessionTokens(signer, auth, clock)
    open_seconds = settings.session_seconds if auth.mode == "off" else None
    reader = SessionReader(cookies, tokens, clock, open_seconds)
    codes = SignInCodes(signer, auth, reports, clock, settings.session_seconds) if signer is not None else None
    upstreams = {
        "schema": Upstream("schema_service", settings.schema_url),
        "snapshot": Upstream("snapshot_service", settings.snapshot_url),
    }
    return _page(files, reader.token, upstreams, settings, sessions_router(reader, cookies, codes, oidc=False))


def _page(
    files: PageFiles | None,
    token_of: TokenOf | None,
    upstreams: Mapping[str, Upstream],
    settings: PageSettings,
    *routers: APIRouter,
) -> Page:
    if files is None and token_of is None:
        return Page()
    layer = Middleware(PageLayer, files=files, token_of=token_of, upstreams=upstreams, refuse=problem_response)
    large = StreamedBodies(_IMPORT, settings.max_import_bytes)
    closing = tuple(upstream.close for upstream in upstreams.values())
    return Page(OuterLayers((layer,), large), routers, closing)


def _signer(settings: PageSettings) -> TokenSigner | None:
    file = settings.signing_key_file
    if file is None:
        return None
    try:
        return TokenSigner(load_signing_key(file))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not an Ed25519 key in PEM"
        raise StopService(f"CROSSLOOK_PAGE__SIGNING_KEY_FILE names {file}, which cannot be read: {reason}") from None


def _sealer(settings: PageSettings, auth: AuthSettings) -> SecretSealer:
    sealer = settings.sealer()
    if auth.mode == "jwt" and not sealer.has_keys:
        raise StopService(
            "CROSSLOOK_PAGE__SESSION_KEYS_FILE or CROSSLOOK_PAGE__SESSION_KEYS must name keys of sessions"
        )
    return sealer
