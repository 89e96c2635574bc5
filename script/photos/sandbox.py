"""The sandbox: its phone, its till and the faults it can play."""

from script.photos.camera import DESK, PHONE, Studio


def take(studio: Studio) -> None:
    """Every picture of the sandbox."""
    with studio.person(PHONE) as page:
        page.goto(f"{studio.stack.sandbox_url}/phone")
        page.locator(".code").first.wait_for()
        studio.take(page, "sandbox-phone")
    with studio.person(DESK) as page:
        for name in ("till", "circle", "faults"):
            page.goto(f"{studio.stack.sandbox_url}/{name}")
            studio.take(page, f"sandbox-{name}")
        page.goto(f"{studio.stack.sandbox_url}/phone")
        page.locator(".code").first.wait_for()
        studio.take(page, "sandbox-phone")
        page.locator("#open-home").click()
        page.frame_locator("#frame").locator(".pass:visible, .benefit:visible, uni-button:visible").first.wait_for()
        studio.take(page, "sandbox-mini-program")
