"""The clerk's and the merchant manager's pages, and the JSON the scan page lives on.

`account` signs in and out, chooses the store, changes the password; `scan` and `api` are the till; `history` the days
past; `statements` the manager's accounts with the mall; `clerks` the manager's people.
"""
