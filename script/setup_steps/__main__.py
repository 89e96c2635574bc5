"""Runs the steps of `script/setup` in order; until the packages are there, on the standard library alone."""

import argparse
import errno
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from script.setup_steps import browser, frontends, packages, stamps
from script.supervisor.errors import DISK_FULL, Stop


def main() -> None:
    """Makes the checkout ready; `--dev` adds what tests need. Exits with 1 and a word on what to do when it cannot."""
    parser = argparse.ArgumentParser(prog="script/setup", description="Make this checkout ready to run.")
    parser.add_argument("--dev", action="store_true", help="also what developing and testing needs")
    arguments = parser.parse_args()
    os.umask(0o022)  # root's database account must be able to read the programs
    try:
        with stamps.alone():
            install(dev=arguments.dev)
            if arguments.dev:
                browser.install_when_possible()
    except Stop as reason:
        sys.exit(f"\n{reason}")
    except OSError as error:
        sys.exit(f"\n{explain(error)}")
    except KeyboardInterrupt:
        sys.exit("\nStopped; run the same command again to go on.")


def install(*, dev: bool) -> None:
    """Python's packages, and beside them the front-ends: neither needs the other, and both mostly wait."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        built = beside.submit(frontends.build, dev=dev)
        packages.install(dev=dev)
        built.result()


def explain(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return DISK_FULL
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename} cannot be written to: make it yours (chown), or clone the project somewhere else."
    return f"The set-up failed: {error}"


if __name__ == "__main__":
    main()
