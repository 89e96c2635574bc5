"""The two portals for staff, the merchants' and the mall's (the console): addresses, permissions, cookies."""

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal. Its pages live below `prefix`, the first of them there, and sign-in at `<prefix>/sign-in`.

    `password` is the path of the page on which people change their own password, `forgotten` the beginning of those
    on which they get a new one, where they can.
    """

    name: str
    prefix: str
    permission: str
    password: str
    forgotten: str | None = None

    @property
    def cookie(self) -> str:
        """The session cookie's name."""
        return f"{self.name}_session"

    @property
    def open_with_temporary_password(self) -> tuple[str, ...]:
        """The paths that a password chosen by somebody else opens."""
        return (self.password, f"{self.prefix}/sign-out")

    def is_open_to_strangers(self, path: str) -> bool:
        """Whether forms are sent there by people who are not signed in."""
        own = (self.forgotten, f"{self.forgotten}/password") if self.forgotten else ()
        return path in (f"{self.prefix}/sign-in", *own)


PORTAL = Portal(
    name="portal",
    prefix="/portal",
    permission="portal.enter",
    password="/portal/me/password",  # noqa: S106  a path
    forgotten="/portal/forgotten",
)
CONSOLE = Portal(
    name="console",
    prefix="/console",
    permission="console.enter",
    password="/console/password",  # noqa: S106  a path
)
PORTALS = (PORTAL, CONSOLE)


def find_current() -> Portal | None:
    """The portal whose pages the request's path belongs to."""
    return next((portal for portal in PORTALS if f"{request.path}/".startswith(f"{portal.prefix}/")), None)


def current() -> Portal:
    """The portal of this request; only for code that runs below a portal's prefix."""
    portal = find_current()
    if portal is None:
        raise ValueError(f"{request.path} belongs to no portal")
    return portal
