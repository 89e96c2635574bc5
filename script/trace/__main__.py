"""`script/requirements`: writes docs/requirements.md, or with `--check` says whether it is right as it is."""

import sys
from pathlib import Path

from script.trace import agreement, marks, page, rules

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = "script/requirements"


def main(arguments: list[str], *, root: Path = ROOT) -> int:
    """The exit code: 0 when texts, marks and page fit each other."""
    if arguments not in ([], ["--check"]):
        print(f"usage: {_COMMAND} [--check]", file=sys.stderr)
        return 2
    texts, wrong_texts = rules.read(root)
    found, wrong_marks = marks.read(root)
    problems = wrong_texts + wrong_marks + agreement.find_problems(texts, found, root)
    if problems:
        print("\n".join(f"{_COMMAND}: {problem}" for problem in problems), file=sys.stderr)
        return 1
    return _keep(root / page.PAGE, page.write(texts, found), write=not arguments)


def _keep(path: Path, text: str, *, write: bool) -> int:
    """Write the page, or only compare it."""
    if write:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{_COMMAND}: {page.PAGE} is stale: run {_COMMAND} and commit what it writes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
