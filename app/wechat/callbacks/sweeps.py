"""What has served its time: platform events that were taken in."""

from app.wechat.callbacks import inbox

SWEEPS = {
    "platform_events": inbox.sweep,
}
