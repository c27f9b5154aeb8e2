"""Values that an object's JSON Schema and admission agree about, and the few about which they do not."""

from typing import Any

KNOWN_DIFFERENCES: dict[str, tuple[str, Any]] = {
    "a number that was written as a text beyond ±2^53": ("number", "9007199254740993"),
    "a number that was written with an exponent beyond ±2^53": ("number", "1e300"),
    "more than four decimals of an amount that is a JSON number": ("currency", 12.34567),
    "more than four decimals of an amount that was written with an exponent": ("currency", "1e-5"),
    "more than 15 digits of an amount that was written with an exponent": ("currency", "1e15"),
    "an instant of 2299 that is one of 2300 in UTC": ("datetime", "2299-12-31T23:30:00-01:00"),
    "an instant of 1900 that is one of 1899 in UTC": ("datetime", "1900-01-01T00:30:00+01:00"),
}
"""What the schema takes and admission refuses. Senders are told of it by the refusal, as of anything else."""

STRICTER: dict[str, tuple[str, Any]] = {
    "an instant of 1899 that is one of 1900 in UTC": ("datetime", "1899-12-31T23:30:00-01:00"),
}
"""What admission takes and the schema does not, because it says which years are good by their digits."""

REFUSED_BY_BOTH: dict[str, tuple[str, Any]] = {
    "a leap second": ("datetime", "2016-12-31T23:59:60Z"),
    "a day that does not exist": ("date", "2026-02-30"),
    "a leap day of a year that has none": ("date", "2100-02-29"),
    "an instant on a day that does not exist": ("datetime", "2026-04-31T00:00:00Z"),
    "an instant without an offset": ("datetime", "2026-04-30T00:00:00"),
    "an hour that does not exist": ("datetime", "2026-04-30T24:00:00Z"),
    "an integer beyond 2^53": ("number", 2**53 + 1),
    "a number that is true": ("number", True),
    "a text that is a number": ("text", 1),
    "a text of 1,025 characters": ("text", "é" * 1025),
    "an amount with more than four decimals": ("currency", "12.34567"),
    "an amount with 16 digits": ("currency", "1000000000000000"),
    "an option in another case": ("dropdown", "Open"),
    "a value of a dropdown without options": ("impossible", "open"),
    "an option twice": ("listed", ["open", "open"]),
    "an unknown option": ("listed", ["shut"]),
    "a list of one empty text": ("multiselect", [""]),
    "a text in place of a list": ("multiselect", "open"),
    "an empty text in place of true or false": ("boolean", ""),
    "a digit of another alphabet": ("number", "٣"),
    "a line break after a date": ("date", "2026-04-30\n"),
}
TAKEN_BY_BOTH: dict[str, tuple[str, Any]] = {
    "the largest number": ("number", 2**53),
    "a number as a text": ("number", "-.5e3"),
    "the largest amount": ("currency", "999999999999999.9999"),
    "an amount with zeros around it": ("currency", "+000012.340000000"),
    "an amount with an exponent": ("currency", "1.5e3"),
    "a leap day": ("date", "2000-02-29"),
    "an instant in small letters": ("datetime", "2026-04-30t23:59:59.123456789z"),
    "an instant with a space": ("datetime", "2026-04-30 23:59:59+23:59"),
    "a blank text": ("text", " "),
    "1,024 characters of two code units": ("text", "😀" * 1024),
    "no value": ("dropdown", ""),
    "no values": ("listed", []),
    "no value of a dropdown without options": ("impossible", None),
}
