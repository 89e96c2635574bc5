"""The business circle: what WeChat Pay tells of it is kept, and becomes authorisations, receipts and refunds."""
