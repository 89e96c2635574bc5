"""`script/test --server URL [--distributed]`: the tests with a database, on a PostgreSQL that is there already."""

import os
import sys

_WITHOUT_DATABASE = ("checks", "script", "sandbox")


def take_options(arguments: list[str]) -> tuple[list[str], bool]:
    """Tells the tests the server by their environment; returns the other arguments, and whether one was named."""
    if "--server" not in arguments:
        if "--distributed" in arguments:
            sys.exit("script/test: --distributed goes with --server URL")
        return arguments, False
    place = arguments.index("--server")
    if place + 1 == len(arguments):
        sys.exit("script/test: --server wants the address of a database, like postgresql://me@host/postgres")
    os.environ["HUITOU_TEST_SERVER"] = arguments[place + 1]
    rest = [*arguments[:place], *arguments[place + 2 :]]
    if "--distributed" in rest:
        os.environ["HUITOU_TEST_DISTRIBUTED"] = "1"
        rest.remove("--distributed")
    return rest, True


def selection() -> tuple[list[str], list[str]]:
    """Pytest's arguments and marks for all tests that are for a given server.

    What makes and migrates databases of its own looks at the schema of plain PostgreSQL: a cluster's has more in it.
    """
    folders = [f"--ignore=tests/{name}" for name in _WITHOUT_DATABASE]
    return folders, ["not no_database"] if "HUITOU_TEST_DISTRIBUTED" in os.environ else []
