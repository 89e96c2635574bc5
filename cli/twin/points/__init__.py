"""What members of the twin do with points: pay with them at tills, and take coupons for them."""
