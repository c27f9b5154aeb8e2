"""One row for each format: what it is called, and how its files are made."""

import pytest

from crosslook.contracts.formats import FILE_FORMATS, FORMATS, Format
from crosslook.local.commands.query import FORMAT_NAMES, format_named
from crosslook.platform.errors import AppError
from services.query_service.api.responses import acceptable, file_formats
from services.query_service.exports.files import FILES


def test_every_format_has_one_row() -> None:
    assert list(FORMATS) == list(Format)
    assert list(FILES) == list(FILE_FORMATS)


def test_no_two_formats_are_called_the_same() -> None:
    names = [{spec.short_name, spec.extension} for spec in FORMATS.values()]
    assert sum(map(len, names)) == len(set[str]().union(*names))


@pytest.mark.parametrize("form", FILE_FORMATS)
def test_a_file_is_had_by_its_media_type_and_by_its_name(form: Format) -> None:
    assert acceptable(form.value) is form
    assert form.value in file_formats()
    assert format_named(form.short_name) is form
    assert form.content_type.startswith(form.value)


def test_json_is_not_a_file() -> None:
    assert Format.JSON not in FILES
    assert Format.JSON.value not in file_formats()
    with pytest.raises(ValueError, match="'json' is not one of 'csv'"):
        format_named(Format.JSON.short_name)


def test_a_format_that_nobody_writes_is_refused() -> None:
    assert "xml" not in FORMAT_NAMES
    with pytest.raises(AppError) as refused:
        acceptable("application/xml")
    assert refused.value.problem.code == "not_acceptable"
