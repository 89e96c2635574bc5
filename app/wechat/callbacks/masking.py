"""What a platform said, for people to look at: its structure and codes in clear, whatever may be of a person masked.

Nobody knows what is in a text that nobody could read, so that a value is masked unless it looks like a code.
"""

import re

_STRUCTURE = re.compile(r'</?[A-Za-z_][\w.:-]*/?>|<!\[CDATA\[|\]\]>|"[A-Za-z_]\w*"(?=\s*:)')
_TOKEN = re.compile(r"[\w.\-]+")
# Names of events and states; moments in seconds, amounts and short numbers.
_CODE = re.compile(r"[A-Za-z]+(?:[_.\-][A-Za-z]+)*|1[0-9]{9}|[0-9]{1,6}|[0-9]+\.[0-9]+")
_LONGEST_CODE = 60
_SHOWN, _SHORT = 3, 6


def masked(text: str) -> str:
    """The text with its elements, keys and codes; of everything else the beginning."""
    shown, at = [], 0
    for part in _STRUCTURE.finditer(text):
        shown += [_masked_values(text[at : part.start()]), part[0]]
        at = part.end()
    return "".join([*shown, _masked_values(text[at:])])


def _masked_values(text: str) -> str:
    return _TOKEN.sub(lambda token: _masked_token(token[0]), text)


def _masked_token(token: str) -> str:
    if token.isascii() and len(token) <= _LONGEST_CODE and _CODE.fullmatch(token):
        return token
    shown = _SHOWN if token.isascii() and len(token) > _SHORT else 1
    return f"{token[:shown]}***"
