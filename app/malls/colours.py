"""Whether text stays readable on a mall's colours, as web accessibility guidelines define it."""

from app.malls.errors import ColoursUnreadable

READABLE = 4.5
WHITE, INK = (255, 255, 255), (28, 28, 30)  # what the member's pages write on an accent

Colour = tuple[int, int, int]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21, as web accessibility guidelines define it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def parse(text: str) -> Colour:
    """The colour of `#rrggbb`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def ensure_readable(accent: str, accent_far: str | None) -> None:
    """Raises ColoursUnreadable unless white or dark text is readable on a band from one colour to the other.

    Facts: contrast, of the better of the two in hundredths.
    """
    ends = [parse(colour) for colour in (accent, accent_far) if colour is not None]
    best = max(min(contrast(text, end) for end in ends) for text in (WHITE, INK))
    if best < READABLE:
        raise ColoursUnreadable(contrast=f"{best:.1f}")


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
