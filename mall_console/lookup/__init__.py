"""One field that finds members, coupons, receipts, orders and statements by what somebody has of them."""
