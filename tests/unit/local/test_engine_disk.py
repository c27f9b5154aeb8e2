"""What the engine's HTTP interface says where the disk is full."""

from pathlib import Path

import pytest

from crosslook.local.engine_core import EngineError, telling_a_full_disk


def test_a_full_disk_is_told_by_the_code_that_clickhouse_has_for_it() -> None:
    with pytest.raises(EngineError) as told, telling_a_full_disk(), Path("/dev/full").open("wb") as file:
        file.write(b"row")
    assert told.value.code == 243


def test_any_other_fault_of_a_file_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), telling_a_full_disk():
        (tmp_path / "nothing").open("rb")
