"""Coupon campaigns, their stock, and coupons: issue, claim, reserve, redeem, reverse.

Who pays (mall and merchant shares), the face and the minimum spend are frozen on the coupon when it is issued, so a
later change of the campaign never rewrites what a member holds. A coupon is always addressed as this member's coupon; a
scanned code finds both in one directory row. At most one live redemption per coupon is a partial unique index.
"""
