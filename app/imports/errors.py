"""Refusals of imports."""

from app.kernel.errors import DomainError


class ImportMoved(DomainError):
    """The import is not any more where whoever asks believes it to be. Fact: status."""

    kind = "conflict"
    code = "import_moved"


class ImportTooLarge(DomainError):
    """The file is larger than is taken here. Fact: most_bytes."""

    code = "import_too_large"


class ImportPieceWrong(DomainError):
    """A piece of the file is not as long as it must be, or has no place in it."""

    code = "import_piece_wrong"


class ImportCleared(DomainError):
    """The bytes of the file are forgotten; it must be brought again."""

    kind = "conflict"
    code = "import_cleared"
