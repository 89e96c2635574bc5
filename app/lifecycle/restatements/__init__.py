"""Everybody's stages at several dates, compared: under other rules, or with what was said then.

What is asked is data (`questions`), and so is what is answered. An answer takes a while where there are many members:
it is worked out one comparison after another, each kept as soon as it is known (`restatements`).
"""
