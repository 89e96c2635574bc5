"""WeChat Pay's business circle: the mall's numbers there, which shop is which store, and what came in."""
