"""Predictions: whether a member still comes, how often and for how much, with a plain reason.

Facts are a member's days with purchases. Everything heavy is in `statistics`, which only the night's worker loads.
"""
