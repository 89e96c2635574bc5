"""Car parks: stays of plates, what they cost, and what waives the cost.

A session belongs to a plate and a car park, not to a member: one may be open per plate. What a stay costs is the tariff
of its entry applied to its length; what was paid or waived is summed on the session, so a later payment owes only the
difference. A coupon or a point serves one payment: reserved when the payment starts, spent when it is paid, given back
when it is given up. Below: benefits, points and payments; the flows join them with settlement.
"""
