"""WeChat: the mini-program, the official account, their tokens, templates and subscribe messages."""
