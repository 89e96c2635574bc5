"""Personal data: members of staff, and what they asked for as files."""

from app.access import staff_queries
from app.access.list_files import list_files
from app.access.list_files.models import ListFilePart
from app.access.models import Staff
from app.kernel.db import table_of
from app.kernel.personal_data import SealedColumn

SEALED = (
    SealedColumn(table_of(Staff), "phone_sealed", staff_queries.PHONE_PURPOSE),
    SealedColumn(table_of(ListFilePart), "sealed", list_files.PURPOSE, batch=20),
)
