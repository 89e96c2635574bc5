"""The fields of a parking tariff, wherever one is typed."""

from app.parking.car_parks.rules import Tariff
from app.web.forms import fields, forms


class TariffForm(forms.Form):
    """What a stay costs."""

    free_minutes = fields.Whole("免费时长", most=1_440, unit="分钟")
    step_minutes = fields.Whole("计费单位", least=1, most=1_440, unit="分钟")
    step = fields.Hundredths("每单位收费", most=1_000_000, unit="元")
    daily_cap = fields.Hundredths("24 小时封顶", most=10_000_000, unit="元")
    exit_grace_minutes = fields.Whole("缴费后离场时间", most=1_440, unit="分钟")

    def check(self) -> None:
        if self.daily_cap < self.step:
            raise TariffForm.daily_cap.refuse("不能低于每单位收费")

    def tariff(self) -> Tariff:
        """The tariff that was typed."""
        return Tariff(
            free_minutes=self.free_minutes,
            step_minutes=self.step_minutes,
            step_fen=self.step,
            daily_cap_fen=self.daily_cap,
            exit_grace_minutes=self.exit_grace_minutes,
        )
