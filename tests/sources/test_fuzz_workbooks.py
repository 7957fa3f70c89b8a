"""Workbooks whose parts are damaged, inside an archive that is whole: `make fuzz` does this for a minute."""

from io import BytesIO
from zipfile import ZipFile

from hypothesis import given
from hypothesis import strategies as st

from tests.sources.seeds import XLSX
from tests.sources.test_fuzz import FUZZING, again, spoilt, survives
from tests.support.workbooks import replaced


def members(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


MEMBERS = members(XLSX)
CELLS = (
    b"1e999",
    b"NaN",
    b"-1",
    b'r="XFD1048576"',
    b'r="A0"',
    b't="s"',
    b't="d"',
    b't="b"',
    b't="e"',
    b's="99"',
    b"<f>1</f>",
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A workbook in which one part has pieces replaced, doubled or taken out."""
    name = draw(st.sampled_from(sorted(MEMBERS)))
    part = draw(spoilt(MEMBERS[name]))
    for _ in range(draw(st.integers(0, 2))):
        where = draw(st.integers(0, len(part)))
        part = part[:where] + draw(st.sampled_from(CELLS)) + part[where:]
    return replaced(XLSX, name, part)


def test_workbooks_with_damaged_parts_end_in_a_draft_or_in_a_sentence() -> None:
    @FUZZING
    @given(damaged())
    def fuzz(data: bytes) -> None:
        survives(data, "xlsx")

    again(fuzz)
