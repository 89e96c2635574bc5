"""Addresses of parking in the console."""

from tests.builders.console import World


def pages(world: World) -> dict[str, str]:
    return {
        "/parking": "parking.view",
        "/parking/payments": "parking.view",
        "/parking/tariffs": "parking.view",
        "/parking/car-parks": "parking.view",
        f"/parking/car-parks/{world.car_park.code}": "parking.view",
        "/parking/new": "parking.manage",
    }


def forms(world: World) -> dict[str, str]:
    car_park = f"/parking/car-parks/{world.car_park.code}"
    return {
        "/parking/tariffs": "parking.manage",
        f"/parking/tariffs/{world.car_park.code}/1/withdraw": "parking.manage",
        "/parking/car-parks": "parking.manage",
        car_park: "parking.manage",
        f"{car_park}/secret": "parking.manage",
        f"{car_park}/off": "parking.manage",
        f"{car_park}/on": "parking.manage",
    }
