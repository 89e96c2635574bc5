"""Taking pictures as the documents have them: two sizes of window, few colours, a file named after page and width."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from script.benches.support import demo
from script.benches.support.demo import Demo
from script.benches.support.servers import ROOT

FOLDER = ROOT / "docs" / "screens"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
COLOURS = 192
_SETTLED_MS = 500  # of pictures, fonts and what moves


@dataclass(frozen=True, slots=True)
class Studio:
    """The stack whose pages are looked at, and the browser that looks."""

    stack: Demo
    browser: Browser
    folder: Path = FOLDER

    @contextmanager
    def person(self, size: ViewportSize) -> Iterator[Page]:
        """Somebody with a browser of their own; a phone's screen is twice as fine."""
        scale = 2 if size is PHONE else 1
        context = demo.new_context(self.browser, viewport=size, device_scale_factor=scale, has_touch=size is PHONE)
        yield context.new_page()
        context.close()

    def take(self, page: Page, name: str) -> None:
        """A picture of what the page shows now."""
        page.wait_for_timeout(_SETTLED_MS)
        size = page.viewport_size or DESK
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        path = self.folder / f"{name}-{size['width']}.png"
        few.save(path, optimize=True)
        print(path.relative_to(ROOT))
