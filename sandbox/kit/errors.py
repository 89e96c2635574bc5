"""How the platforms refuse, and how the sandbox's own API does."""


class Refusal(Exception):
    """A business error of WeChat or WeCom: HTTP 200 with `errcode` and `errmsg` in the body."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


class PayRefusal(Exception):
    """An error of WeChat Pay v3: an HTTP status with `code` and `message`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


class ApiError(Exception):
    """An error of the sandbox's own JSON API: an HTTP status with `{"error": {"code", "message"}}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
