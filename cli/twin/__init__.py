"""The mall twin: members who never were, made from a few archetypes and chance.

Who somebody is and what they do follows from (members, days, seed, last day) and the mall alone. It is written through
the verbs that imports use; what only the simulator can know, who is what and why they stay away, goes into a file.
"""
