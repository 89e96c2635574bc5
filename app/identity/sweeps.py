"""What has served its time: used member codes."""

from app.identity import member_codes

SWEEPS = {
    "member_codes": member_codes.sweep,
}
