"""The gateway to WeChat's platforms: mini-program, official account, WeCom, WeChat Pay.

Nothing above this package sees a type of wechatpy or wechatpayv3: calls return small frozen values or raise
WeChatError, PlatformUnavailable or OutcomeUnknown. Every call has time-outs. Calls run outside transactions; what must
not be lost is a row that a worker sends.
"""
