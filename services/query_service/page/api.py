"""The page's own calls: which sessions a browser has, how one begins with a code, and how it ends.

They are the page's alone and change with it, so they are not in the OpenAPI document (decision 47).
"""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from crosslook.contracts.problems import Problem
from crosslook.contracts.reading import Reader, read_object
from crosslook.platform.bodies import read_json
from crosslook.platform.errors import AppError, Invalid
from crosslook.platform.responses import json_response
from services.query_service.page.codes import SignInCodes
from services.query_service.page.rules import chosen_tenant, refuse_other_sites
from services.query_service.page.session_reading import SessionReader
from services.query_service.page.sessions import Session, SessionCookies

_CODE_MAX = 4096
_JSON = "application/json"


class SessionItem(BaseModel):
    """One session of a browser."""

    tenant: str
    subject: str
    name: str | None
    scopes: list[str]
    expires_at: datetime

    @classmethod
    def of(cls, session: Session) -> "SessionItem":
        """A session as the page sees it."""
        return cls(
            tenant=session.tenant,
            subject=session.subject,
            name=session.name,
            scopes=list(session.scopes),
            expires_at=session.expires_at,
        )


class WaysToSignIn(BaseModel):
    """How a person can sign in, beside a link of `crosslook open`."""

    oidc: bool


class SessionList(BaseModel):
    """The sessions of a browser, and how to begin another one."""

    items: list[SessionItem]
    sign_in: WaysToSignIn


def sessions_router(
    reader: SessionReader, cookies: SessionCookies, codes: SignInCodes | None, *, oidc: bool
) -> APIRouter:
    """`/api/sessions` and `/api/session`. `codes`: None where no code can be checked."""
    router = APIRouter(prefix="/api", include_in_schema=False)

    @router.get("/sessions")
    async def list_sessions(request: Request) -> Response:
        items = [SessionItem.of(session) for session in reader.all(request)]
        return json_response(SessionList(items=items, sign_in=WaysToSignIn(oidc=oidc)))

    @router.post("/session")
    async def begin_session(request: Request) -> Response:
        refuse_other_sites(request.scope["headers"])
        code = await _code_of(request)
        if codes is None:
            raise AppError(Problem("sign_in_code_invalid"), status=401)
        session = await codes.exchange(code)
        cookie = cookies.set(session, session.issued_at)
        return json_response(SessionItem.of(session), headers={"Set-Cookie": cookie})

    @router.delete("/session")
    async def end_session(request: Request) -> Response:
        tenant = chosen_tenant(request.scope["headers"])
        return Response(status_code=204, headers={"Set-Cookie": reader.clearing(tenant)})

    return router


async def _code_of(request: Request) -> str:
    """The code in the body. Raises AppError `unsupported_media_type` (415) for what a form of another site could send,
    and Invalid."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise AppError(Problem("unsupported_media_type", values={"expected": _JSON}), status=415)
    body = await read_json(request)
    code, problems = read_object(body, _read_code)
    if problems or code is None:
        raise Invalid(problems)
    return code


def _read_code(reader: Reader) -> str | None:
    reader.close(["code"])
    return reader.text("code", _CODE_MAX, required=True)
