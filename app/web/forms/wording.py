"""Words for forms; edges alone use them."""

from collections.abc import Mapping
from typing import Any

ERRORS = {
    "field_invalid": "{label}：{problem}",
    "form_invalid": "有 {count} 处需要修改：{names}",
}


def _several(facts: Mapping[str, Any]) -> dict[str, Any]:
    labels = facts["labels"]
    return {**facts, "count": len(labels), "names": "、".join(labels)}


TOLD = {"form_invalid": _several}
