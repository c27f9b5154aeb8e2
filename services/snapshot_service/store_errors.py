"""The known ClickHouse errors in four classes, with reasons (ARCHITECTURE 5). An unknown error stops ingest."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from crosslook.contracts.layouts import Layout, field_column, hits_column, links_column, refs_column
from crosslook.platform.clickhouse_errors import ClickHouseError

_WORD = re.compile(r"\w+")


class ErrorClass(StrEnum):
    """What to do about an error of the store."""

    RETRY = "retry"
    """The same chunk again, later: the store is busy, away, or does not know whether it took the rows."""
    ROW_FAULT = "row_fault"
    """Some row cannot be stored: find it, quarantine it alone."""
    ENVIRONMENT = "environment"
    """Rights, tables or disk are wrong: stop; quarantining good rows would be a silent hole."""
    UNKNOWN = "unknown"
    """Stop and let a person look."""


_RETRY = {
    3: "UNEXPECTED_END_OF_FILE",
    159: "TIMEOUT_EXCEEDED",
    198: "DNS_ERROR",
    202: "TOO_MANY_SIMULTANEOUS_QUERIES",
    203: "NO_FREE_CONNECTION",
    209: "SOCKET_TIMEOUT",
    210: "NETWORK_ERROR",
    218: "TABLE_IS_DROPPED",
    241: "MEMORY_LIMIT_EXCEEDED",
    242: "TABLE_IS_READ_ONLY",
    252: "TOO_MANY_PARTS",
    285: "TOO_FEW_LIVE_REPLICAS",
    319: "UNKNOWN_STATUS_OF_INSERT",
    394: "QUERY_WAS_CANCELLED",
    425: "SYSTEM_ERROR",
    733: "TABLE_IS_BEING_RESTARTED",
    745: "SERVER_OVERLOADED",
    999: "KEEPER_EXCEPTION",
}
_ROW_FAULT = {
    6: "CANNOT_PARSE_TEXT",
    25: "CANNOT_PARSE_ESCAPE_SEQUENCE",
    26: "CANNOT_PARSE_QUOTED_STRING",
    27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
    38: "CANNOT_PARSE_DATE",
    41: "CANNOT_PARSE_DATETIME",
    72: "CANNOT_PARSE_NUMBER",
    117: "INCORRECT_DATA",
    321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
}
_ENVIRONMENT = {
    16: "NO_SUCH_COLUMN_IN_TABLE",
    20: "NUMBER_OF_COLUMNS_DOESNT_MATCH",
    44: "ILLEGAL_COLUMN",
    47: "UNKNOWN_IDENTIFIER",
    53: "TYPE_MISMATCH",
    60: "UNKNOWN_TABLE",
    75: "CANNOT_WRITE_TO_FILE_DESCRIPTOR",  # a disk that is full in the middle of a write
    81: "UNKNOWN_DATABASE",
    164: "READONLY",
    192: "UNKNOWN_USER",
    193: "WRONG_PASSWORD",
    194: "REQUIRED_PASSWORD",
    195: "IP_ADDRESS_NOT_ALLOWED",
    243: "NOT_ENOUGH_SPACE",
    291: "DATABASE_ACCESS_DENIED",
    497: "ACCESS_DENIED",
    516: "AUTHENTICATION_FAILED",
}


KNOWN: Mapping[ErrorClass, Mapping[int, str]] = MappingProxyType(
    {ErrorClass.RETRY: _RETRY, ErrorClass.ROW_FAULT: _ROW_FAULT, ErrorClass.ENVIRONMENT: _ENVIRONMENT}
)
"""Codes with ClickHouse's names for them, by class."""


def classify(error: ClickHouseError) -> ErrorClass:
    """The class of an error; no answer at all is retried."""
    if error.code is None:
        return ErrorClass.RETRY if error.transient else ErrorClass.UNKNOWN
    return next((kind for kind, codes in KNOWN.items() if error.code in codes), ErrorClass.UNKNOWN)


def about(error: ClickHouseError, layout: Layout) -> str:
    """At which field or relationship of an object the engine failed, " at field status"; "" where its text names none
    or several. The text itself can quote data and is for the log."""
    named = set(_WORD.findall(str(error)))
    fields = {slug for slug, _ in layout.fields if field_column(slug) in named}
    made = (refs_column, hits_column, links_column)
    links = {slug for slug, _ in layout.relationships if any(column(slug) in named for column in made)}
    if len(fields) + len(links) != 1:
        return ""
    return f" at field {fields.pop()}" if fields else f" at relationship {links.pop()}"
