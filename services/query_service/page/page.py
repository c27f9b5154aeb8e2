"""Puts the page together from its settings."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

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
from services.query_service.page.compression import CompressedAnswers
from services.query_service.page.files import PageFiles
from services.query_service.page.layer import PageLayer, TokenOf
from services.query_service.page.provider import OpenIdProvider
from services.query_service.page.session_reading import SessionReader
from services.query_service.page.sessions import SessionCookies
from services.query_service.page.sign_in import CALLBACK_PATH, SignIn, sign_in_router
from services.query_service.page.upstream import Upstream
from services.query_service.page_settings import PageSettings
from services.query_service.settings import QueryServiceSettings

_LARGE = re.compile(r"/api/schema/v1/tenants/[^/]+/objects/[^/]+/import|/v1/webhooks/[^/]+/[^/]+")
"""Their bodies are passed on piece by piece; schema_service bounds them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the application needs of the page: layers around it, routes in it, and what is closed at the end."""

    outer: OuterLayers | None = None
    routers: tuple[APIRouter, ...] = ()
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()


def build_page(settings: QueryServiceSettings, reports: LogStore, clock: Clock) -> Page:
    """The page that the settings ask for: files with a folder, `/api` with a key that signs the tokens of sessions, or
    where authentication is off. Nothing without any of them.

    Raises StopService where a key cannot be used, and where settings of the sign-in are missing."""
    page, auth = settings.page, settings.auth
    files = PageFiles(page.folder) if page.folder is not None else None
    signer = _signer(page)
    if signer is None and (auth.mode == "jwt" or files is None):
        return _with_layer(Page(), page, files, None, {})
    sealer = _sealer(page, auth)
    cookies = SessionCookies(sealer, secure=page.secure)
    open_seconds = page.session_seconds if auth.mode == "off" else None
    reader = SessionReader(cookies, SessionTokens(signer, auth, clock), clock, open_seconds)
    codes = SignInCodes(signer, auth, reports, clock, page.session_seconds) if signer is not None else None
    signing_in = _with_sign_in(settings, sealer, cookies, clock)
    oidc = settings.sign_in.issuer is not None
    made = replace(signing_in, routers=(sessions_router(reader, cookies, codes, oidc=oidc), *signing_in.routers))
    upstreams = {
        "schema": Upstream("schema_service", page.schema_url),
        "snapshot": Upstream("snapshot_service", page.snapshot_url),
    }
    return _with_layer(made, page, files, reader.token, upstreams)


def _with_sign_in(settings: QueryServiceSettings, sealer: SecretSealer, cookies: SessionCookies, clock: Clock) -> Page:
    page, sign_in = settings.page, settings.sign_in
    if sign_in.issuer is None:
        return Page()
    if not sign_in.client_id or page.public_url is None or not sealer.has_keys:
        raise StopService(
            "CROSSLOOK_SIGN_IN__ISSUER needs CROSSLOOK_SIGN_IN__CLIENT_ID, CROSSLOOK_PAGE__PUBLIC_URL and keys of "
            "sessions"
        )
    provider = OpenIdProvider(sign_in, page.public_url + CALLBACK_PATH)
    seconds, secure = page.session_seconds, page.secure
    ends = SignIn(sign_in, provider, sealer, cookies, clock, seconds=seconds, secure=secure)
    return Page(routers=(sign_in_router(ends),), closing=(provider.close,))


def _with_layer(
    made: Page,
    settings: PageSettings,
    files: PageFiles | None,
    token_of: TokenOf | None,
    upstreams: Mapping[str, Upstream],
) -> Page:
    if files is None and token_of is None:
        return made
    layer = Middleware(PageLayer, files=files, token_of=token_of, upstreams=upstreams, refuse=problem_response)
    outer = OuterLayers((layer, Middleware(CompressedAnswers)), StreamedBodies(_LARGE, settings.max_import_bytes))
    closing = (*made.closing, *(upstream.close for upstream in upstreams.values()))
    return replace(made, outer=outer, closing=closing)


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
