"""What a mall looks like, its pictures aside: colours and slogan."""

from dataclasses import asdict, dataclass

from app.kernel.db import db
from app.malls.colours import ensure_readable
from app.malls.models import Mall


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours as `#rrggbb`; without `accent_far` bands run from the accent to a shade of itself."""

    accent: str
    accent_far: str | None = None
    slogan: str | None = None


def change_look(mall: Mall, look: Look) -> None:
    """Give a mall its colours and slogan; raises ColoursUnreadable."""
    ensure_readable(look.accent, look.accent_far)
    for name, value in asdict(look).items():
        setattr(mall, name, value)
    db.session.flush()
