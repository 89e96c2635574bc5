"""Personal data: gates' secrets."""

from app.kernel.db import table_of
from app.kernel.personal_data import SealedColumn
from app.parking.car_parks import car_parks
from app.parking.car_parks.models import CarPark

SEALED = (SealedColumn(table_of(CarPark), "gate_secret_sealed", car_parks.SECRET_PURPOSE),)
