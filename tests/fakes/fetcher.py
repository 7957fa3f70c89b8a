"""A feed without a network: what is published is what is fetched."""

from dataclasses import dataclass, field

from bot.app.ports import Copy, Validators
from bot.domain.errors import EmptyScheduleError, ScheduleImportError
from bot.domain.imports.draft import Draft
from bot.domain.schedule.session import Session
from tests.builders import draft


@dataclass(slots=True)
class FakeFetcher:
    """Gives the edition that was published last, under an ETag, or nothing; the next fetches fail with `faults`."""

    editions: list[Draft] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    fetched: list[Validators] = field(default_factory=list)
    parsed: int = 0
    tagged: bool = True
    silent: bool = False

    def publish(self, *sessions: Session) -> None:
        self.editions.append(draft(*sessions))

    async def fetch(self, url: str, validators: Validators) -> Copy | None:
        self.fetched.append(validators)
        if self.faults:
            raise self.faults.pop(0)
        newest = Validators(f'"{len(self.editions)}"') if self.tagged else Validators()
        return None if self.tagged and validators == newest else Copy(self._body(), newest)

    def _body(self) -> bytes:
        return b"" if self.silent else str(len(self.editions)).encode()

    async def parse(self, data: bytes, name: str, format_name: str = "") -> Draft:
        self.parsed += 1
        if not data:
            raise EmptyScheduleError(f"{name} is empty: export the schedule again.")
        if not data.isdigit():
            raise ScheduleImportError(f"{name} is in no format that is known here.")
        return self.editions[int(data) - 1]
