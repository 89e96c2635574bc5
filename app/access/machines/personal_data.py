"""Personal data: machines' secrets."""

from app.access.machines import machines
from app.access.machines.models import Machine
from app.kernel.db import table_of
from app.kernel.personal_data import SealedColumn

SEALED = (SealedColumn(table_of(Machine), "secret_sealed", machines.SECRET_PURPOSE),)
