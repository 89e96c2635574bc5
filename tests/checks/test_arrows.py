"""The arrows between packages are held by a machine: a planted import in the wrong direction is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = [
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command as run; run()",
    "--no-logo",
    "--no-cache",
]


same_copy = pytest.mark.xdist_group("arrows")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The product's source, to plant imports in."""
    target = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", target)
    for folder in ("app", "cli", "jobs", "member_api", "merchant_portal", "mall_console", "open_api", "sandbox"):
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__", "templates"))
    return target


def lint(folder):
    return subprocess.run(
        LINT, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )


@same_copy
def test_the_arrows_hold(copy):
    done = lint(copy)

    assert done.returncode == 0, done.stdout


PLANTED = [
    ("app/points", "app.benefits.coupons"),
    ("app/parking", "app.tasks.models"),
    ("app/kernel", "app.malls.models"),
    ("app/points", "flask"),
    ("app/flows", "marshmallow"),
    ("app/outreach", "wechatpy"),
    ("app/points", "flask_sqlalchemy"),
    ("open_api", "apscheduler"),
    ("member_api", "merchant_portal"),
    ("jobs", "app.web.errors"),
    ("sandbox", "app.kernel.security.codes"),
    ("open_api", "sandbox.kit.signing"),
]


@pytest.fixture(scope="module")
def refused(copy):
    """What is said of all wrong imports together, each in a module of its own."""
    files = [copy / package / f"planted{number}.py" for number, (package, _) in enumerate(PLANTED)]
    for file, (_, module) in zip(files, PLANTED, strict=True):
        file.write_text(f"import {module}\n", encoding="utf-8")
    done = lint(copy)
    for file in files:
        file.unlink()
    assert done.returncode == 1, done.stdout
    return done.stdout


@same_copy
@pytest.mark.parametrize("number", range(len(PLANTED)), ids=[" imports ".join(pair) for pair in PLANTED])
def test_a_planted_import_is_refused(refused, number):
    package, module = PLANTED[number]

    assert f"{package.replace('/', '.')}.planted{number} -> {module} " in refused


@same_copy
def test_a_circle_inside_a_package_is_refused(copy):
    first, second = copy / "app" / "points" / "heads", copy / "app" / "points" / "tails"
    for folder, other in ((first, "tails"), (second, "heads")):
        folder.mkdir()
        (folder / "__init__.py").write_text(f"import app.points.{other}\n", encoding="utf-8")
    done = lint(copy)
    shutil.rmtree(first)
    shutil.rmtree(second)

    assert done.returncode == 1, done.stdout
    assert "No circles between the parts of a package BROKEN" in " ".join(done.stdout.split())
