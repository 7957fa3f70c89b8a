"""What holds for every kind of nudge."""

from pathlib import Path

from bot.app import nudges
from bot.app.registry import all_nudges


def test_a_kind_of_nudge_is_one_file_with_a_test_of_its_name() -> None:
    files = sorted(path.stem for path in Path(nudges.__path__[0]).glob("[a-z]*.py"))
    assert sorted(kind.value.replace("-", "_") for kind in all_nudges()) == files
    assert all((Path(__file__).parent / f"test_{name}.py").exists() for name in files)
