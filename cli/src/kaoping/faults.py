"""What went wrong, for the person at the terminal: one line, no traceback."""


class KaopingFault(Exception):
    """Something that whoever gave the command can do something about.

    ├── CityFault       the files of a city do not hold together
    ├── TableFault      a scheme or the tables beside it have faults
    ├── SystemDown      the system cannot be started or has ended
    └── ApiFault        the API did not do what was asked
        ├── Refused     a problem document, with every fault of the input
        └── NoAnswer    nobody answered
    """
