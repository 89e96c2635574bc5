"""What invitations forget when it has served its time."""

from app.invitations import invitations

SWEEPS = {"invitation_devices": invitations.forget_devices}
