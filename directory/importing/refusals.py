"""What cannot be taken in: a whole file, or one line of it. The reason is a French sentence."""


class FileRefused(ValueError):
    """Nothing of this file can be used; ``reason`` says what to do about it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LineRefused(ValueError):
    """This line is left out, and the others go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
