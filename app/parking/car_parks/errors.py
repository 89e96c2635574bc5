"""Refusals about car parks and tariffs."""

from app.kernel.errors import DomainError


class CarParkUnknown(DomainError):
    """No active car park bears that code where this machine may report."""

    kind = "not_found"
    code = "car_park_not_found"


class CarParkCodeTaken(DomainError):
    """A car park of the group bears this code."""

    kind = "conflict"
    code = "car_park_code_taken"


class GateUrlInvalid(DomainError):
    """The address is none that messages to a gate can go to."""

    code = "gate_url_invalid"


class NoTariff(DomainError):
    """The car park has no tariff in force. Fact: car_park_code."""

    kind = "conflict"
    code = "no_parking_tariff"


class TariffConflict(DomainError):
    """Another tariff starts at that very moment, or it would start in the past. Fact: effective_from."""

    kind = "conflict"
    code = "parking_tariff_conflict"


class TariffInForce(DomainError):
    """That version of the tariff holds already or within minutes, or was taken back before."""

    kind = "conflict"
    code = "parking_tariff_in_force"
