"""The two faces for staff: where each lives, which permission opens it, and which cookie it keeps."""

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Face:
    """One face. Its pages live below `prefix`; endpoints are those of its sign-in page and of its first page."""

    name: str
    prefix: str
    permission: str
    sign_in: str
    home: str

    @property
    def cookie(self) -> str:
        """The session cookie's name."""
        return f"{self.name}_session"


PORTAL = Face("portal", "/portal", "portal.enter", "portal.account.sign_in_page", "portal.scan.page")
CONSOLE = Face("console", "/console", "console.enter", "console.account.sign_in_page", "console.overview.page")
FACES = (PORTAL, CONSOLE)


def find_current() -> Face | None:
    """The face whose pages the request's path belongs to."""
    return next((face for face in FACES if f"{request.path}/".startswith(f"{face.prefix}/")), None)


def current() -> Face:
    """The face of this request; only for code that runs below a face's prefix."""
    face = find_current()
    if face is None:
        raise ValueError(f"{request.path} belongs to no face")
    return face
