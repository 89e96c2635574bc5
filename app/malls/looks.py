"""What a mall looks like, its pictures aside: colours and slogan."""

from dataclasses import asdict, dataclass

from app.kernel.switches import assign
from app.malls.colours import ensure_readable
from app.malls.models import Mall


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours as `#rrggbb`; without `accent_far` bands run from the accent to a shade of itself."""

    accent: str
    accent_far: str | None = None
    slogan: str | None = None


def change_look(mall: Mall, look: Look) -> bool:
    """Give a mall its colours and slogan; False when it looked so already. Raises ColoursUnreadable."""
    ensure_readable(look.accent, look.accent_far)
    return assign(mall, **asdict(look))
