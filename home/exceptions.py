class NoPortal(LookupError):
    """No portal is in scope: the caller forgot to say which town it works for."""
