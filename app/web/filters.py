"""How values read on pages and in texts."""

from datetime import datetime

from app.kernel import clock, money
from app.kernel.money import Share


def yuan(amount_fen: int) -> str:
    """`¥1,234.50`; negative amounts carry the sign in front."""
    text = money.yuan_text(amount_fen)
    return f"-¥{text[1:]}" if text.startswith("-") else f"¥{text}"


def short_yuan(amount_fen: int) -> str:
    """`¥20` for whole yuan, `¥20.50` otherwise."""
    return yuan(amount_fen).removesuffix(".00")


def yuan_words(amount_fen: int) -> str:
    """`200 元`, `20.50 元`: an amount within a sentence."""
    return f"{short_yuan(amount_fen).replace('¥', '')} 元"


def points(value: int) -> str:
    """Thousands separated."""
    return f"{value:,}"


def percent(permille: int) -> str:
    """Thousandths as `46.2%`."""
    return f"{permille / 10:.1f}%"


def share_text(share: Share | None, *, nothing: str = "—") -> str:
    """A share as `46.2%`; of nothing a dash."""
    return nothing if share is None else percent(share.permille)


def signed(value: int) -> str:
    """With a plus or minus sign, thousands separated."""
    return f"{value:+,}"


def local_time(moment: datetime | None, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """The moment on the mall's wall clock; a dash where there is none."""
    return "—" if moment is None else clock.local(moment).strftime(pattern)


def minutes_text(minutes: int) -> str:
    """`2 小时`, `1 小时 30 分`, `45 分钟`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"
