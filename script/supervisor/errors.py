"""What stops a script, said so that the reader knows what to do next."""


class Stop(Exception):
    """The script cannot go on; the message says why and what to do about it."""


def is_disk_full(text: str) -> bool:
    """Whether a program's output complains of a full disk or an exhausted quota."""
    return "No space left on device" in text or "Disk quota exceeded" in text


DISK_FULL = "The disk is full: free some space (the project needs about 2 GB) and run the same command again."
