"""Single-statement twins of acts that a bench measures: the same rows as the plain way, in one round trip.

A twin only ever says yes. Whatever is in the way (a refusal, a race that was lost, a key that was answered before), it
writes nothing and says None, and the plain way finds out why. On a distributed database only the plain way runs.
"""
