"""What several flows share: what follows from an act, described once and applied singly or in bulk.

Called by flows only. A description is plain data, made without the database; who applies it holds the member's lock.
"""
