"""Rules of earning rehearsed: a mall's past purchases earn once more by other rules, beside those in force.

A rehearsal is kept as data: the rules, the days, and what is found. A worker counts it one range of members after
another, and the result stays with the version that was published for it, as its reason.
"""
