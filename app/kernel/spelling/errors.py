"""What cannot be read as the thing it is meant to be."""

from app.kernel.errors import DomainError


class PhoneInvalid(DomainError):
    """That is not a phone number we can use."""

    code = "phone_invalid"


class PlateInvalid(DomainError):
    """That is not a plate number."""

    code = "plate_invalid"
