"""The closed lists that reports are made of, such as column types, granularities and aggregates."""

from enum import StrEnum


class Granularity(StrEnum):
    """How a time is truncated, or which part of it is taken (CONTRACTS 5, meaning 6)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    HOUR_OF_DAY = "hour_of_day"
    DAY_OF_WEEK = "day_of_week"
    MONTH_OF_YEAR = "month_of_year"


class Aggregate(StrEnum):
    """What a measure does with the values of a group."""

    COUNT = "count"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    P90 = "p90"
    P95 = "p95"
    STDDEV = "stddev"
    COUNT_DISTINCT = "count_distinct"


class ColumnType(StrEnum):
    """What the values of a result column are."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    CURRENCY = "currency"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    MULTISELECT = "multiselect"
    """A list of texts, which only lists of records show."""


class Arithmetic(StrEnum):
    """In which numbers a type is calculated with."""

    WHOLE = "whole"
    DOUBLE = "double"
    DECIMAL = "decimal"


class OperatorGroup(StrEnum):
    """Filter operators that go together: a type has all of a group or none."""

    EQUALITY = "equality"
    CHOICES = "choices"
    EMPTINESS = "emptiness"
    ORDER = "order"
    PARTS = "parts"
    TIME = "time"
