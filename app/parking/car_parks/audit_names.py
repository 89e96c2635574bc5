"""What the audit log calls car parks."""

from app.kernel.lists.labels import by_number
from app.parking.car_parks import list_queries

NAMES = {"car_park": by_number(list_queries.names_of)}
