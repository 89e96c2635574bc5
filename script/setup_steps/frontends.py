"""The built front-ends: the bundles of portal and console, the member's H5 pages and, for tests, the mini-program."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from script.setup_steps import node, stamps
from script.setup_steps.stamps import ROOT

MINIPROGRAM = ROOT / "miniprogram"
H5 = ROOT / "static" / "h5"
DIST = ROOT / "static" / "dist"
BUILDERS = [ROOT / "script" / "build-front-end.mjs", ROOT / "script" / "compress.mjs"]


def build(*, dev: bool) -> None:
    """Builds what changed; `dev` also compiles the mini-program itself."""
    find = cache(node.find)
    _install("bundles", "Packages of portal and console", ROOT, find)
    _step("bundle", "Portal and console", _bundle_inputs(), DIST / "manifest.json", lambda: _bundle(find()))
    _install("miniprogram", "Packages of the member's pages", MINIPROGRAM, find)
    _step("h5", "The member's pages", _member_inputs(), H5 / "index.html", lambda: _build_h5(find()))
    if dev:
        compiled = MINIPROGRAM / "dist" / "build" / "mp-weixin" / "app.json"
        _step("mp-weixin", "The mini-program", _member_inputs(), compiled, lambda: _build_miniprogram(find()))


def build_miniprogram() -> None:
    """Builds the mini-program for whatever the environment says; what tests have built is forgotten with it."""
    find = cache(node.find)
    _install("miniprogram", "Packages of the member's pages", MINIPROGRAM, find)
    stamps.forget("mp-weixin")
    _build_miniprogram(find())


def _install(name: str, label: str, folder: Path, find: Callable[[], node.Node]) -> None:
    inputs = [folder / "package.json", folder / "package-lock.json"]
    work = folder / "node_modules"
    _step(f"{name}-packages", label, inputs, work, lambda: find().install(label, folder, log=f"{name}-packages"))


def _step(name: str, label: str, inputs: list[Path], output: Path, make: Callable[[], None]) -> None:
    value = stamps.fingerprint(inputs, label)
    if stamps.is_current(name, value, [output]):
        return
    stamps.forget(name)
    make()
    stamps.keep(name, value)


def _bundle_inputs() -> list[Path]:
    """The pages as well: of Tabler only what they use is built in."""
    pages = [page for folder in (ROOT / "mall_console", ROOT / "app" / "web") for page in folder.rglob("*.html")]
    return [ROOT / "static" / "src", *BUILDERS, ROOT / "package-lock.json", *pages]


def _bundle(found: node.Node) -> None:
    found.run("Portal and console", ROOT, "run", "build", log="bundle")


def _member_inputs() -> list[Path]:
    made = {"node_modules", "dist", "test"}
    return [BUILDERS[1], *(path for path in MINIPROGRAM.iterdir() if path.name not in made)]


def _build_h5(found: node.Node) -> None:
    """Builds beside the served folder and puts the result in its place at once."""
    found.run("The member's pages", MINIPROGRAM, "run", "build:h5", log="h5")
    fresh = H5.with_name("h5.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(MINIPROGRAM / "dist" / "build" / "h5", fresh)
    found.run("The member's pages, compressed", ROOT, "run", "compress", "--", str(fresh), log="h5-compressed")
    shutil.rmtree(H5, ignore_errors=True)
    fresh.rename(H5)


def _build_miniprogram(found: node.Node) -> None:
    found.run("The mini-program", MINIPROGRAM, "run", "build:mp-weixin", log="mp-weixin")
