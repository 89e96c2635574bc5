"""What the scan page sends."""

from marshmallow import RAISE, Schema, fields, validate

# The largest amount a till may name: ten million yuan.
LARGEST_SPEND_FEN = 1_000_000_000


class LookupRequest(Schema):
    """A scanned or typed code: a coupon's or a member's."""

    class Meta:
        unknown = RAISE

    code = fields.String(required=True, validate=validate.Length(min=1, max=400))


class SpokenRequest(Schema):
    """What a member says: the last four digits of their phone, and the six beside their code."""

    class Meta:
        unknown = RAISE

    phone_tail = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}$"))
    digits = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{6}$"))


class RedemptionRequest(Schema):
    """A coupon to redeem, with the till's amount where it matters."""

    class Meta:
        unknown = RAISE

    code = fields.String(required=True, validate=validate.Length(min=1, max=40))
    spend_fen = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(min=0, max=LARGEST_SPEND_FEN)
    )
