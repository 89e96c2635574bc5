"""The fields of a parking tariff, wherever one is typed."""

from app.parking.car_parks.rules import Tariff
from mall_console.kit import forms


def read() -> Tariff:
    """The tariff of a form; raises FieldInvalid."""
    tariff = Tariff(
        free_minutes=forms.whole("free_minutes", "免费时长", most=1_440),
        step_minutes=forms.whole("step_minutes", "计费单位", least=1, most=1_440),
        step_fen=forms.hundredths("step", "每单位收费", most=1_000_000),
        daily_cap_fen=forms.hundredths("daily_cap", "24 小时封顶", most=10_000_000),
        exit_grace_minutes=forms.whole("exit_grace_minutes", "缴费后离场时间", most=1_440),
    )
    if tariff.daily_cap_fen < tariff.step_fen:
        raise forms.FieldInvalid(label="24 小时封顶", problem="不能低于每单位收费")
    return tariff
