"""Photographed receipts are read by a program, where it is installed, so that people need not type."""
