"""What the terminal shows once everything runs."""

import io
from collections.abc import Sequence

import qrcode

_PLACE = "portal"
_PLACES = {"portal": "Merchant portal", "console": "Mall console"}
# As the product names them, which would have to be loaded for it.
_ROLES = {
    "administrator": "系统管理员",
    "operations": "商场运营",
    "finance": "商场财务",
    "auditor": "审计（只读）",
    "merchant_manager": "商户店长",
    "clerk": "店员",
}
_SAID = _PLACES | _ROLES
_WIDE = range(0x1100, 0x10000)  # close enough for the CJK text of the demo's names


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns; Chinese letters count as two."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def addresses(public_url: str, sandbox_url: str) -> str:
    """Where the apps are."""
    return table(
        [
            ("Member (H5)", f"{public_url}/h5/"),
            (_PLACES["portal"], f"{public_url}/portal"),
            (_PLACES["console"], f"{public_url}/console"),
            ("API docs", f"{public_url}/api/docs"),
            ("Sandbox phone", f"{sandbox_url}/phone"),
            ("Sandbox till", f"{sandbox_url}/till"),
            ("Sandbox circle", f"{sandbox_url}/circle"),
            ("Sandbox SMS", f"{sandbox_url}/sms"),
        ]
    )


def sign_ins(found: Sequence[dict[str, str]]) -> str:
    """Whom to sign in as, one line each under the names of the facts."""
    names = list(found[0])
    heads = ["sign in at" if name == _PLACE else name for name in names]
    return table([heads, *[[_SAID.get(entry.get(name, ""), entry.get(name, "")) for name in names] for entry in found]])


def qr(text: str) -> str:
    """A QR code of half-block letters, readable on dark and on light terminals."""
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    out = io.StringIO()
    code.print_ascii(out=out, invert=True)
    return out.getvalue().rstrip("\n")


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    return sum(2 if ord(letter) in _WIDE else 1 for letter in text)
