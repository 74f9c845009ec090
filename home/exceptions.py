class NoPortal(LookupError):
    """No portal is in scope: the caller forgot to say which town it works for."""


class CannotPrint(RuntimeError):
    """No PDF can be made on this machine: a library of the system is missing."""
