"""Receipts and refunds as facts. A receipt number counts once per source; without a member it waits in the inbox."""
