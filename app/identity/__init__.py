"""Who somebody is: members and their identities, entrances and consents, staff, roles and machines.

A member has one number for life; identities (openid, unionid, phone, plate …) point at it from one directory table
whose primary key keeps every identity unique. Merging moves identities, never rows of the ledger.
"""
