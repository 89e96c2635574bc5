"""The demo mall: two malls with merchants, staff, entrances and benefits, and weeks of members' doings.

Everything is made through the same verbs and flows as in earnest; only the clock is set back.
"""
