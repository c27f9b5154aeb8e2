"""Answers from the models that document them: JSON bodies, refusals as problem documents (RFC 9457), and the headers
that every answer has: nobody else keeps it, and no browser takes it for something else."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from fastapi import Request, Response
from pydantic import BaseModel, Field

from crosslook.contracts import exact_json
from crosslook.contracts.problems import SHOWN_MAX, Language, Problem, Problems
from crosslook.platform.errors import AppError
from crosslook.platform.settings_feed import SettingsFeed

PROBLEM_TYPE = "https://crosslook.dev/problems/"
"""Prefix of a problem's `type`; `docs/reference/problems.md` describes every code under this address."""
PARTS_READ = 50
"""Most parts of a header that are weighed; a sender of more asks for work, not for an answer."""
_LANGUAGES: dict[str, Language] = {"en": "en", "fr": "fr"}

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    # An answer is data: opened in a browser it loads nothing, runs nothing and stands in no frame.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)


class ProblemItem(BaseModel):
    """One problem, or one warning: `pointer` is its place in what was sent, `suggestion` what was probably meant."""

    pointer: str = Field(description="A JSON pointer into the body, or the name of the parameter.")
    code: str
    message: str
    suggestion: str | None = None

    @classmethod
    def of(cls, problem: Problem, language: Language) -> "ProblemItem":
        """A problem in the reader's language."""
        return cls(**problem.as_json(language))


class ProblemDocument(BaseModel):
    """Why a request was refused. `errors`: the first problems found with a body or parameters."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    suggestion: str | None = None
    errors: list[ProblemItem] | None = Field(None, max_length=SHOWN_MAX)
    errors_omitted: int | None = Field(
        None, description="How many more problems are known; null when reading stopped at a limit."
    )


def json_response(body: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer from the model that documents it: the members that were set, and no others."""
    return Response(encoded(body), status, dict(headers or {}), media_type="application/json")


def encoded(body: BaseModel) -> bytes:
    """The JSON of `json_response`: instants in UTC, numbers with the digits that they were sent with."""
    return orjson.dumps(body, default=_members, option=orjson.OPT_UTC_Z)


def problem_response(request: Request, error: AppError) -> Response:
    """The problem document of a refusal, in the caller's language."""
    language = language_of(request)
    body = encoded(problem_document(error, language, request.state.request_id))
    headers = {**error.headers, "Content-Language": language, "X-Request-Id": request.state.request_id}
    return Response(body, error.status, headers, media_type="application/problem+json")


def problem_document(error: AppError, language: Language, request_id: str) -> ProblemDocument:
    """The document itself, for answers that it is a part of."""
    document = ProblemDocument(
        type=f"{PROBLEM_TYPE}{error.problem.code}",
        title=error.problem.code.replace("_", " ").capitalize(),
        status=error.status,
        detail=error.problem.message(language),
        code=error.problem.code,
        request_id=request_id,
    )
    suggestion = error.problem.suggested()
    if suggestion is not None:
        document.suggestion = suggestion
    if error.found:
        document.errors, document.errors_omitted = problem_items(error.found, language), error.found.omitted
    return document


def problem_items(found: Problems, language: Language) -> list[ProblemItem]:
    """The first problems that were found with a body."""
    return [ProblemItem.of(problem, language) for problem in found]


def completed_headers(given: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those that it did not set itself.

    `Cache-Control` is `private, no-cache` for what has an `ETag` (it may be kept, and is asked for again each time),
    else `no-store`. HSTS is the proxy's, which speaks TLS.
    """
    headers = list(given)
    names = {name.lower() for name, _ in headers}
    caching = b"private, no-cache" if b"etag" in names else b"no-store"
    wanted = (*_ALWAYS, (b"cache-control", caching), (b"x-request-id", request_id.encode()))
    return headers + [header for header in wanted if header[0] not in names]


def language_of(request: Request) -> Language:
    """The language of the answer's sentences: what `Accept-Language` weighs most of ours; where it accepts none, what
    the tenant has set, else English."""
    best: tuple[float, Language | None] = (0.0, None)
    refused: set[Language] = set()
    for part in request.headers.get("accept-language", "").split(",", PARTS_READ)[:PARTS_READ]:
        tag, *parameters = (piece.strip().lower() for piece in part.split(";", PARTS_READ))
        language = _LANGUAGES.get(tag.partition("-")[0])
        weight = _weight(parameters)
        if language is not None and weight > best[0]:
            best = weight, language
        elif language is not None and not weight:
            refused.add(language)
    of_tenant = _tenant_language(request) if best[1] is None else None
    return best[1] or (of_tenant if of_tenant is not None and of_tenant not in refused else "en")


def _tenant_language(request: Request) -> Language | None:
    """What the tenant has set for which the caller may call. Before that is known, refusals must not show it."""
    tenant, app = request.scope.get("state", {}).get("tenant"), request.scope.get("app")
    feed: SettingsFeed | None = getattr(app.state, "tenant_settings", None) if app is not None else None
    return feed.language(tenant) if tenant is not None and feed is not None else None


def _weight(parameters: Sequence[str]) -> float:
    written = next((text.removeprefix("q=") for text in parameters if text.startswith("q=")), "1")
    return float(written) if re.fullmatch(r"[01](\.\d{0,3})?", written, re.ASCII) else 0.0


def _members(value: Any) -> dict[str, Any] | orjson.Fragment:
    # Not `model_dump`, which copies: a result has rows by the ten thousand.
    if not isinstance(value, BaseModel):
        return exact_json.number_fragment(value)
    given, members = value.model_fields_set, value.__dict__
    return {shown: members[name] for name, shown in _shown_names(type(value)) if name in given}


@cache
def _shown_names(model: type[BaseModel]) -> list[tuple[str, str]]:
    return [(name, field.alias or name) for name, field in model.model_fields.items()]
