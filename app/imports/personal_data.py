"""Personal data: the files, and what is told of their rows. Nothing of a member is found by them."""

from app.imports import pieces
from app.imports.models import ImportPiece
from app.kernel.db import table_of
from app.kernel.personal_data import SealedColumn

SEALED = (SealedColumn(table_of(ImportPiece), "sealed", pieces.PURPOSE, batch=20),)
