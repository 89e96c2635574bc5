"""WeChat Pay's business circle (智慧商圈): who authorised, what they paid in its shops, and what the mall told."""
