"""What staff do for a member by hand: notes, coupons and points given or corrected, each with a reason and a limit.

It keeps who did what for whom and why; coupons and points themselves are moved by `app/flows/care.py`.
"""
