"""A local stand-in for WeChat, WeCom, WeChat Pay, a parking gate and an SMS provider.

Own process, own store, loopback only. It speaks the platforms' wire formats, so the product uses its real clients
against it; neither side imports the other.
"""
