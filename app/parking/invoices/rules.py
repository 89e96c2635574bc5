"""What can stand on an invoice: titles, tax numbers, e-mail addresses."""

import re
from dataclasses import dataclass

from app.kernel.spelling import marks, names
from app.parking.invoices.errors import EmailInvalid, TaxNumberInvalid, TitleInvalid
from app.parking.invoices.models import TitleKind

LONGEST_TITLE = 100
LONGEST_NAME = 40
LONGEST_EMAIL = 100

# Unified social credit codes (GB 32100-2015): 17 signs of this alphabet without I, O, S, V, Z, and a check sign.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_CODE = re.compile(f"[{_SIGNS}]{{2}}[0-9]{{6}}[{_SIGNS}]{{10}}")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """To whom an invoice is made out, and where it is sent; spelled as it is kept."""

    title_kind: TitleKind
    title: str
    tax_no: str | None
    email: str

    @property
    def title_shown(self) -> str:
        """A company's title as it is, a person's name by its mask."""
        return self.title if self.title_kind is TitleKind.COMPANY else names.mask_name(self.title)


def to_wish(title_kind: TitleKind, *, title: str, tax_no: str, email: str) -> Wish:
    """The wish as it is kept; raises TitleInvalid, TaxNumberInvalid, EmailInvalid."""
    is_company = title_kind is TitleKind.COMPANY
    # A registered name has its brackets in full width, and the tax office compares signs.
    spelled = names.spell_text(title) if is_company else names.spell_name(title)
    return Wish(
        title_kind=title_kind,
        title=_title(spelled, most=LONGEST_TITLE if is_company else LONGEST_NAME),
        tax_no=spell_tax_no(tax_no) if is_company else None,
        email=_email(email),
    )


def _title(title: str, *, most: int) -> str:
    if not 2 <= len(title) <= most:
        raise TitleInvalid(most=most)
    return title


def spell_tax_no(text: str) -> str:
    """A unified social credit code in capitals; raises TaxNumberInvalid, also for a check sign that is wrong."""
    code = marks.compact(text).upper()
    if not _CREDIT_CODE.fullmatch(code) or code[17] != check_sign(code[:17]):
        raise TaxNumberInvalid
    return code


def check_sign(body: str) -> str:
    """The eighteenth sign of a credit code that begins with these seventeen."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(body, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]


def _email(text: str) -> str:
    email = marks.folded(text).strip()
    name, _, domain = email.rpartition("@")
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or ".." in name or name.startswith("."):
        raise EmailInvalid
    return f"{name}@{domain.lower()}"


def mask_email(email: str) -> str:
    """The first character and the domain: `z***@qq.com`."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"
