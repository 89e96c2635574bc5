"""Amounts as vouchers have them, in the capital numerals that nobody can alter by a stroke."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount_fen: int) -> str:
    """`壹仟零伍元叁角整` for 1,005.30 yuan; the sign is left out."""
    yuan, fen = divmod(abs(amount_fen), 100)
    tenths, hundredths = divmod(fen, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not fen:
        return f"{whole or '零元'}整"
    if not tenths:
        return f"{whole}{'零' if whole else ''}{_DIGITS[hundredths]}分"
    return f"{whole}{_DIGITS[tenths]}角" + (f"{_DIGITS[hundredths]}分" if hundredths else "整")


def _whole(yuan: int) -> str:
    groups = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    text, is_gap = "", False
    for place in reversed(range(len(groups))):
        group = groups[place]
        if group == 0:
            is_gap = bool(text)
            continue
        if text and (is_gap or group < 1_000):
            text += "零"
        text += _four(group) + _GROUPS[place]
        is_gap = False
    return text


def _four(group: int) -> str:
    """One to four digits, with one 零 for the gaps between them."""
    text, is_gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            is_gap = bool(text)
        else:
            text += ("零" if is_gap else "") + _DIGITS[digit] + _PLACES[place]
            is_gap = False
    return text
