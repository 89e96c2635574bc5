"""What members of the twin do with points: pay with them at tills and in the car park, and take coupons for them."""
