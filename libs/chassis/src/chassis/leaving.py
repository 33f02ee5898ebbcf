"""Whether this process is about to end: it answers still, and nobody new is to be led to it."""


class Leaving:
    """Says it to whoever keeps somebody waiting, or leads callers to where they are answered."""

    def __init__(self) -> None:
        self.is_told = False

    def tell(self) -> None:
        """Say that the process is about to end; nothing takes that back."""
        self.is_told = True


LEAVING = Leaving()
"""The one of this process."""
