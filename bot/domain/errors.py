"""The faults that Hallway reports to people, each as one sentence that says what to do next."""


class HallwayFault(Exception):
    """Something a person can act on; `str(fault)` is the sentence they read."""


class BadInput(HallwayFault):
    """Somebody typed something that cannot be understood; the sentence says what would be."""


class ImportFault(HallwayFault):
    """A schedule cannot be taken in; the sentence names the file, the place in it and the remedy."""


class UnknownZone(HallwayFault):
    """A time zone that is not in the IANA database."""


class StoreFault(HallwayFault):
    """The store cannot be reached or used; the sentence never shows a password."""
