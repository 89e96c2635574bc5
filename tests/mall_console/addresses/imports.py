"""Addresses of imports in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/imports": "import.view",
        "/imports/new": "import.run",
        "/imports/samples/members.xlsx": "import.run",
        f"/imports/{world.brought.public_id}": "import.view",
        f"/imports/{world.brought.public_id}/rejects.xlsx": "import.run",
    }


def forms(world: World) -> dict[str, str]:
    found = f"/imports/{world.brought.public_id}"
    return {
        "/imports": "import.run",
        f"{found}/pieces": "import.run",
        f"{found}/reading": "import.run",
        f"{found}/columns": "import.run",
        f"{found}/run": "import.run",
        f"{found}/cancel": "import.run",
        f"{found}/resume": "import.run",
        f"{found}/rejects": "import.run",
    }
