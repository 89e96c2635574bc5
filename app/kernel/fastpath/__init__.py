"""Prepared statements, objects for their rows, and writes that share a round trip, where a bench shows that it matters.

Those are redeeming a coupon (`script/bench redemption`) and signing in and joining (`script/bench join`), with what
they share with others: timeline, audit, postings, growth, kept answers. Everything else is ordinary SQLAlchemy.
"""
