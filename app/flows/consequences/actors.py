"""Who acts when members do something themselves."""

from app.access.audit import Actor

NAME = "会员本人"


def themselves(member_id: int) -> Actor:
    """The member, as the audit log names them."""
    return Actor("member", member_id, NAME)
