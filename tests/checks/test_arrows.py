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


def test_the_arrows_hold(copy):
    done = lint(copy)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("package", "planted"),
    [
        ("app/points", "import app.benefits.coupons"),
        ("app/parking", "import app.tasks.models"),
        ("app/kernel", "import app.malls.models"),
        ("app/points", "import flask"),
        ("app/flows", "import marshmallow"),
        ("app/outreach", "import wechatpy"),
        ("app/points", "import flask_sqlalchemy"),
        ("open_api", "import apscheduler"),
        ("member_api", "import merchant_portal"),
        ("jobs", "import app.web.errors"),
        ("sandbox", "import app.kernel.security.codes"),
        ("open_api", "import sandbox.kit.signing"),
    ],
)
def test_a_planted_import_is_refused(copy, package, planted):
    file = copy / package / "planted.py"
    file.write_text(planted + "\n", encoding="utf-8")
    done = lint(copy)
    file.unlink()

    assert done.returncode == 1, done.stdout
    assert f"{package.replace('/', '.')}.planted -> {planted.removeprefix('import ')}" in done.stdout


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
