"""WeChat Pay: orders, refunds, notices."""
