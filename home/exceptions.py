class NoPortal(LookupError):
    """No portal is in scope: the caller forgot to say which town it works for."""


class JoinedCondition(RuntimeError):
    """An UPDATE looks at a value through a join, so that two racing workers could both see it count."""


class CannotPrint(RuntimeError):
    """No PDF can be made on this machine: a library of the system is missing."""
