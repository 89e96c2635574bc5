"""WeChat Pay's business circle (智慧商圈): which mall is which circle, and who lets their payments be told."""
