"""Files of a killed process do not fill the volume: the next start removes them, and nothing that is in use."""

import os
from pathlib import Path

import pytest

from services.query_service.exports.excel import ABANDONED_SECONDS, ExcelWriter, remove_abandoned


def age(path: Path, now: float, seconds: float) -> None:
    """Make a file or folder so old."""
    os.utime(path, (now - seconds, now - seconds))


@pytest.mark.parametrize(("folder", "file", "stays"), [(2, 2, False), (2, 0.5, True), (0.5, 2, True)])
def test_a_folder_goes_once_nothing_in_it_is_written(tmp_path: Path, folder: float, file: float, stays: bool) -> None:
    now = 1_800_000_000.0
    writer = ExcelWriter([], [], "x", tmp_path)
    left = writer.folder.with_name(f"{writer.folder.name}0")
    writer.close()
    left.mkdir()
    (left / "sheet").write_bytes(b"x")
    other = tmp_path / "somebody-else"
    other.mkdir()
    for path, hours in ((left / "sheet", file), (left, folder), (other, 9)):
        age(path, now, hours * ABANDONED_SECONDS)
    assert remove_abandoned(tmp_path, now) == (0 if stays else 1)
    assert (left.exists(), other.exists()) == (stays, True)


def test_a_folder_that_does_not_exist_yet_holds_nothing(tmp_path: Path) -> None:
    assert remove_abandoned(tmp_path / "never", 0.0) == 0
