"""What has served its time: cars that WeChat Pay was told of."""

from app.circle import parkings

SWEEPS = {"circle_parkings": parkings.sweep}
