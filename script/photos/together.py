"""The picture of the README: the member's card, the clerk's coupon and finance's statements side by side."""

from PIL import Image, ImageDraw, ImageFilter

from script.photos.camera import COLOURS, FOLDER
from script.supervisor.errors import Stop

NAMES = ("member-card-390", "portal-coupon-390", "console-statements-1440")
HEIGHT, GAP, EDGE, ROUND = 654, 33, 41, 22
GROUND, SHADOW = "#e9eceb", (20, 60, 50, 70)


def lay() -> None:
    """Puts them together from what was taken."""
    if missing := [name for name in NAMES if not (FOLDER / f"{name}.png").exists()]:
        raise Stop(f"not taken yet: {', '.join(missing)}")
    pictures = [_scaled(Image.open(FOLDER / f"{name}.png").convert("RGB")) for name in NAMES]
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (width + 2 * EDGE, HEIGHT + 2 * EDGE), GROUND)
    left = EDGE
    for picture in pictures:
        _put(picture, whole, left)
        left += picture.width + GAP
    few = whole.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(FOLDER / "three-pages.png", optimize=True)
    print("docs/screens/three-pages.png")


def _scaled(picture: Image.Image) -> Image.Image:
    return picture.resize((round(picture.width * HEIGHT / picture.height), HEIGHT), Image.Resampling.LANCZOS)


def _put(picture: Image.Image, whole: Image.Image, left: int) -> None:
    """With round corners and a shadow."""
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), ROUND, fill=255)
    shadow = Image.new("RGBA", whole.size)
    shadow.paste(SHADOW, (left, EDGE + 6), mask)
    blurred = shadow.filter(ImageFilter.GaussianBlur(14))
    whole.paste(blurred.convert("RGB"), (0, 0), blurred.getchannel("A"))
    whole.paste(picture, (left, EDGE), mask)
