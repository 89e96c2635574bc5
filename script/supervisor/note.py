"""What the processes of a running stack were told, for a command that joins them: a file beside their data."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from script.supervisor.errors import Stop

_NAME = "stack.json"
_OURS = ("HUITOU_", "WECHAT_", "WECOM_", "SMS_", "SANDBOX_", "GATE_", "DATABASE_URL", "NO_PROXY", "no_proxy")


def write(data: Path, environment: Mapping[str, str]) -> None:
    """Keeps the settings while the stack runs; they are secrets, so only its owner may read them."""
    ours = {name: value for name, value in environment.items() if name.startswith(_OURS)}
    handle = os.open(data / _NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(ours, file)


def read(data: Path) -> dict[str, str]:
    """The settings of the running stack; raises Stop when none runs there."""
    try:
        text = (data / _NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Stop(f"No stack runs with {data}: start script/run first, or name its folder with --data.") from None
    return dict(json.loads(text))


def remove(data: Path) -> None:
    """The stack has ended."""
    (data / _NAME).unlink(missing_ok=True)
