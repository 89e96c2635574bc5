"""WeChat Pay v3: orders, refunds, notices and signatures."""
