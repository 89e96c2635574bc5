"""What has served its time: used member codes."""

from app.identity.codes import member_codes

SWEEPS = {
    "member_codes": member_codes.sweep,
}
