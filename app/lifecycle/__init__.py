"""Lifecycle: where every member stands, since when and why, and what may be expected of them.

Nothing is copied: members, purchases and the timeline are read, and what follows from them for a day is written beside
them. `rules` holds what a stage means from which day on; `stages` works it out.
"""
