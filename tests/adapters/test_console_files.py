"""A path typed at the console is a file of this machine."""

from pathlib import Path

import pytest

from adapters.console.files import local_file
from bot.domain.errors import FetchError


async def test_a_file_is_read_up_to_one_byte_more_than_wanted(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_bytes(b"title")
    file = local_file(str(tmp_path / "talks.csv"))
    assert file
    assert (file.name, file.size, await file.fetch(100), await file.fetch(2)) == ("talks.csv", 5, b"title", b"tit")


@pytest.mark.parametrize("path", ["no/such/file.csv", ".", "a\0b", "x" * 5_000, "~nobody-of-this-name/x"])
def test_what_is_no_file_is_no_attachment(path: str) -> None:
    assert local_file(path) is None


async def test_a_file_that_went_away_is_said(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_bytes(b"title")
    file = local_file(str(tmp_path / "talks.csv"))
    assert file
    (tmp_path / "talks.csv").unlink()
    with pytest.raises(FetchError, match=r"^talks\.csv cannot be read \(No such file or directory\): choose another"):
        await file.fetch(100)
