"""The method, URL and headers of a request to ClickHouse's HTTP interface."""

import base64
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.types import Scope

from crosslook.local.engine_core import EngineError, Query

_TRANSPORT = frozenset(
    """query database default_format session_id session_timeout session_check query_id user password quota_key compress
    decompress buffer_size wait_end_of_query client_protocol_version role enable_http_compression stacktrace
    send_progress_in_http_headers http_headers_progress_interval_ms http_zlib_compression_level log_comment
    cancel_http_readonly_queries_on_client_close""".split()  # noqa: SIM905  # a list of words reads better as words
)
"""URL parameters that are no engine settings here."""

_CHDB_ONLY = frozenset({"arrowtable", "dataframe", "datastore"})
"""Names that chDB takes for Python objects and ClickHouse for unknown formats."""

_NOT_FOUND = frozenset({46, 47, 50, 56, 60, 81, 115})
_BAD_REQUEST = frozenset({6, 26, 27, 38, 41, 43, 44, 53, 62, 69, 70, 72, 117, 130, 131, 271, 456, 457})
_STATUS = {164: 403, 194: 401, 516: 403, 48: 501, 191: 413, 159: 408, 202: 503, 745: 503}


def status_of(code: int) -> int:
    """The HTTP status that ClickHouse sends with an error code."""
    if code in _NOT_FOUND:
        return 404
    return 400 if code in _BAD_REQUEST else _STATUS.get(code, 500)


@dataclass(frozen=True, slots=True)
class Request:
    """Method, path, URL parameters and headers (their names in lower case)."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]

    @staticmethod
    def of(scope: Scope) -> "Request":
        """The request of an ASGI scope."""
        return Request(
            scope["method"],
            scope["path"],
            dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        )

    @property
    def credentials(self) -> tuple[str, str]:
        """User and password, from wherever ClickHouse takes them."""
        if "x-clickhouse-user" in self.headers or "x-clickhouse-key" in self.headers:
            return self.headers.get("x-clickhouse-user", "default"), self.headers.get("x-clickhouse-key", "")
        kind, _, encoded = self.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            with suppress(ValueError):
                user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
                return user, password
        return self.parameters.get("user", "default"), self.parameters.get("password", "")

    @property
    def content_type(self) -> str:
        """What the body is said to be; empty when nothing is said."""
        return self.headers.get("content-type", "").strip()

    def with_fields(self, fields: Mapping[str, str]) -> "Request":
        """The request with the fields of its form among its parameters. Raises EngineError for one that is in both."""
        if repeated := self.parameters.keys() & fields.keys():
            name = min(repeated)[:100]
            raise EngineError(f"Code: 117. DB::Exception: {name} is in the URL and in the form. (INCORRECT_DATA)")
        return replace(self, parameters={**self.parameters, **fields})

    def check(self) -> None:
        """Raises EngineError for what this engine does not do and must not seem to."""
        if self.method not in ("GET", "POST"):
            raise EngineError(f"Code: 48. DB::Exception: The method {self.method} is not supported. (NOT_IMPLEMENTED)")
        for name in ("compress", "decompress"):
            if self.parameters.get(name, "0") not in ("", "0", "false"):
                # clickhouse-connect and curl compress by HTTP's own headers.
                raise EngineError(
                    f"Code: 48. DB::Exception: The native compression ({name}=1) is not supported; use "
                    "Content-Encoding and Accept-Encoding. (NOT_IMPLEMENTED)"
                )

        if (name := self._default_format).lower() in _CHDB_ONLY:
            raise EngineError(f"Code: 73. DB::Exception: Unknown format {name}. (UNKNOWN_FORMAT)")

    @property
    def _default_format(self) -> str:
        return self.parameters.get("default_format") or self.headers.get("x-clickhouse-format") or "TabSeparated"

    def query(self, sql: str) -> Query:
        """The statement with this request's settings and parameters."""
        named = self.parameters
        return Query(
            sql=sql,
            database=named.get("database") or self.headers.get("x-clickhouse-database") or "default",
            default_format=self._default_format,
            settings={k: v for k, v in named.items() if k not in _TRANSPORT and not k.startswith("param_")},
            parameters={k.removeprefix("param_"): v for k, v in named.items() if k.startswith("param_")},
            readonly=self.method == "GET",
            whole=named.get("wait_end_of_query", "0") not in ("", "0", "false"),
        )
