"""Refusals of pictures."""

from app.kernel.errors import DomainError


class PictureUnreadable(DomainError):
    """What was uploaded is no picture of a kind that is taken."""

    code = "picture_unreadable"


class PictureTooLarge(DomainError):
    """It has more pixels than a picture needs, whatever its file's size. Fact: most (millions of pixels)."""

    code = "picture_too_large"


class PictureTooSmall(DomainError):
    """It would look blurred. Facts: width and height that it needs at least."""

    code = "picture_too_small"


class PictureNotFound(DomainError):
    """Nothing is kept under this digest in this width."""

    kind = "not_found"
    code = "picture_not_found"
