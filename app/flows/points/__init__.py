"""Acts about points: earned otherwise than by buying, spent at tills and on coupons, owed, and rehearsed."""
