"""What mall and merchants owe each other: contract terms, postings, books, statements.

Sign of every `amount_fen`: positive = the mall owes the merchant, negative = the merchant owes the mall. Postings are
never changed. A posting's `accounting_day` is the later of its business day and the first open day of the merchant's
book; closing moves the first open day and sums, so what comes late falls into the next period by itself.
"""
