"""What has served its time: counted attempts and codes by SMS."""

from app.verification import sms_codes, throttle

SWEEPS = {
    "attempts": throttle.sweep,
    "sms_codes": sms_codes.sweep,
}
