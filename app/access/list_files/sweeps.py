"""What of files is forgotten when it has served its time."""

from app.access.list_files import list_files

SWEEPS = {"list_files": list_files.sweep}
