"""A mall's own history, brought in by the thousand: stores, members and receipts.

Every module takes a batch and returns one outcome per item, in order. What is plain goes by the packages' `bulk` verbs
in a few statements; whatever is not (a refund, a number that is taken, somebody known already) goes through the
ordinary verbs one by one, so the rows are those that the ordinary way would have written in the order of the file.
"""
