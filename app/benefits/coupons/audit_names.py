"""What the audit log calls redemptions."""

from app.benefits.coupons import redemption_queries

NAMES = {"redemption": redemption_queries.titles_of}
