"""People's names on pages."""


def mask_name(name: str) -> str:
    """The first character, the rest as asterisks."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
