"""Members who may be one person: what they have in common, found a few at a time, and what became of each pair.

Identities are unique, so that nobody becomes a member twice by the same one. Two memberships of a person come from two
phones, from cards that a mall once printed, or from an account at WeChat that was known before its unionid was. What
points at it (`member_signs.py` of any package) is kept as digests; whoever shares one is a pair, with a confidence
(`rules.py`). Certain pairs are merged, doubtful ones are asked about, and who was told apart is not asked about again
unless something new turns up.
"""
