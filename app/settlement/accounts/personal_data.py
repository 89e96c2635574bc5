"""Personal data: numbers of bank accounts."""

from app.kernel.db import table_of
from app.kernel.personal_data import SealedColumn
from app.settlement.accounts import accounts
from app.settlement.accounts.models import BankAccount

SEALED = (SealedColumn(table_of(BankAccount), "number_sealed", accounts.PURPOSE),)
