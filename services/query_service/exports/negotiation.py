"""Which format an answer takes, by `Accept` (RFC 9110, 12.5.1); and whether the caller has it already."""

from crosslook.contracts.formats import FILE_FORMATS, Format
from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError
from crosslook.platform.responses import PARTS_READ


def file_formats() -> dict[str, dict[str, str]]:
    """The formats besides JSON as an OpenAPI document lists them."""
    return {form.value: {} for form in FILE_FORMATS}


def acceptable(header: str) -> Format:
    """The format that the header prefers. Raises AppError `not_acceptable` (406) if it accepts none of them."""
    weights = _weights(header or "*/*")
    best = max(Format, key=lambda one: _weight(one, weights))
    if _weight(best, weights) <= 0:
        expected = ", ".join(form.value for form in Format)
        raise AppError(Problem("not_acceptable", values={"expected": expected}), status=406)
    return best


def matches(header: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names the answer that would be given."""
    tags = [tag.strip() for tag in (header or "").split(",")]
    return "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]


def _weights(header: str) -> dict[str, float]:
    weights = {}
    for part in header.split(",", PARTS_READ)[:PARTS_READ]:
        kind, *parameters = (piece.strip().lower() for piece in part.split(";", PARTS_READ))
        quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
        try:
            weights[kind] = float(quality)
        except ValueError:
            weights[kind] = 0.0
    return weights


def _weight(kind: Format, weights: dict[str, float]) -> float:
    family = kind.value.partition("/")[0]
    return next((weights[accepted] for accepted in (kind.value, f"{family}/*", "*/*") if accepted in weights), 0.0)
