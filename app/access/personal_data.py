"""Personal data: members of staff."""

from app.access import staff_queries
from app.access.models import Staff
from app.kernel.db import table_of
from app.kernel.personal_data import SealedColumn

SEALED = (SealedColumn(table_of(Staff), "phone_sealed", staff_queries.PHONE_PURPOSE),)
