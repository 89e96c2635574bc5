"""Whom the embedded database runs as: the caller, or, since PostgreSQL refuses to run as root, an account of its own.

A folder outside the project is never loosened for that account: where it cannot reach the programs or the data, they
live under /var/lib/huitou instead.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from script.supervisor.errors import Stop

ACCOUNT_NAME = "huitou"
OWN_HOME = Path("/var/lib/huitou")


class AsAccount(TypedDict, total=False):
    """Arguments for subprocess that start a program as another account; none start it as the caller."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: str


@dataclass(frozen=True, slots=True)
class Account:
    """A system account that runs the database when the caller is root."""

    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may pass through the folder and all its parents."""
        return subprocess.run(["test", "-x", str(folder)], check=False, **self.as_arguments()).returncode == 0

    def as_arguments(self) -> AsAccount:
        """Arguments for subprocess that start a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}


def current() -> Account | None:
    """The account to start PostgreSQL as; None means as the caller."""
    if os.geteuid() != 0:
        return None
    entry = _find() or _create()
    return Account(entry.pw_uid, entry.pw_gid)


def _find() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is not None:
        # Two runs at once may both come here: the look-up below tells, not the exit code.
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
        subprocess.run(command, check=False, capture_output=True)
    entry = _find()
    if entry is None:
        raise Stop(
            f"PostgreSQL does not run as root and the account '{ACCOUNT_NAME}' could not be made: "
            "run this as an ordinary user, or set DATABASE_URL to a server of your own."
        )
    return entry


def reachable_folder(wanted: Path, account: Account | None) -> Path:
    """The folder to use for data that `account` must reach: the wanted one, else one under /var/lib/huitou."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if account is None or account.can_enter(wanted.parent):
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    own = OWN_HOME / name
    own.mkdir(mode=0o711, parents=True, exist_ok=True)
    return own / wanted.name


def reachable_programs(programs: Path, account: Account | None) -> Path:
    """The folder of PostgreSQL's programs, copied to /var/lib/huitou once where `account` cannot reach them."""
    if account is None or _runs(programs, account):
        return programs
    stamp = hashlib.sha256(f"{programs}{programs.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = OWN_HOME / f"postgresql-{stamp}"
    if not target.exists():
        _copy_readable(programs, target)
    return target.joinpath(*programs.parts[-3:])


def _runs(programs: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [str(programs / "initdb"), "--version"], check=False, capture_output=True, **account.as_arguments()
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copy_readable(programs: Path, target: Path) -> None:
    """Copies the programs and the libraries the wheel packs beside them, each where the others look for it.

    Copies whole and renames last, so that a copy cut short is never taken for a good one.
    """
    OWN_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.{os.getpid()}")
    install, package = programs.parent, programs.parent.parent
    for source in (install, package / ".dylibs", package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, half / source.relative_to(package.parent), symlinks=True)
    for path in [half, *half.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    try:
        half.rename(target)
    except OSError:  # another run was quicker
        shutil.rmtree(half)
