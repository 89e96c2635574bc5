"""WeChat Pay orders, what the platform told about them, and refunds.

An order row stands before the platform hears of it, so nothing can be paid that the product does not know. Money that
arrives after an order was closed is refunded in full by itself. What an order is for is named by its `purpose` and
`reference`; this package does not know more. What follows for each purpose stands in app/workers/payments.py.
"""
