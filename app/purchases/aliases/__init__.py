"""What sources call the stores: codes of their own, remembered once somebody has said whose they are."""
