"""How the values of settings are read: the URL of the database, keys in base64."""

import base64


class SettingsError(Exception):
    """A setting is missing or malformed; the message names it."""


def database_url(url: str) -> str:
    """SQLAlchemy's name for psycopg 3, whatever spelling of the scheme the operator used."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise SettingsError("DATABASE_URL must begin with postgresql://")
    return f"postgresql+psycopg://{rest}"


def key(name: str, text: str) -> bytes:
    """32 bytes in base64."""
    try:
        value = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SettingsError(f"{name} is not base64") from error
    if len(value) != 32:
        raise SettingsError(f"{name} must be 32 bytes in base64")
    return value


def data_keys(text: str) -> tuple[tuple[int, bytes], ...]:
    """Numbered keys, the newest last."""
    keys = []
    for part in text.split(","):
        number, separator, value = part.strip().partition(":")
        if not separator or not number.isdigit() or not 0 < int(number) < 256:
            raise SettingsError("HUITOU_DATA_KEYS must look like 1:<base64>,2:<base64>, numbers 1-255, newest last")
        keys.append((int(number), key("HUITOU_DATA_KEYS", value)))
    if len({number for number, _ in keys}) != len(keys):
        raise SettingsError("HUITOU_DATA_KEYS names one number twice")
    return tuple(keys)
