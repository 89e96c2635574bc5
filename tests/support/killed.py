"""Sends its own process the signal that its environment names."""

import os

os.kill(os.getpid(), int(os.environ["SIGNAL"]))
