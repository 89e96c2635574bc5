"""Growth value, the ladder of tiers that it climbs, and where every member stands on it.

`growth` keeps every entry, shown to the member. `ladders` are versions of the rungs. `standings` are facts with a
period: who stands where, from when until when, and why. `crediting` adds growth and moves the member at once.
"""
