"""Everything of WeChat in one frozen object, built once per process from the settings."""

from dataclasses import dataclass

from app.kernel.settings import Settings
from app.wechat import accounts
from app.wechat.callbacks.push import MiniPush
from app.wechat.client.transport import Timeouts
from app.wechat.mini import MiniProgram
from app.wechat.official import OfficialAccount
from app.wechat.pay.circle_client import CircleClient
from app.wechat.pay.pay import PayGateway
from app.wechat.wecom import Corp


@dataclass(frozen=True, slots=True)
class Gateway:
    """The platforms the product calls; every part may be used by many threads at once."""

    mini: MiniProgram
    mini_push: MiniPush
    official: OfficialAccount
    wecom: Corp
    pay: PayGateway

    @classmethod
    def from_settings(cls, settings: Settings, *, timeouts: Timeouts | None = None) -> "Gateway":
        """Build all parts without calling anybody. Build after a fork: the parts hold connections and locks."""
        waits = timeouts or Timeouts()
        return cls(
            mini=accounts.mini_program(settings.wechat, environment=settings.environment, timeouts=waits),
            mini_push=MiniPush.from_settings(settings.wechat),
            official=accounts.official_account(settings.wechat, timeouts=waits),
            wecom=accounts.corp(settings.wecom, timeouts=waits),
            pay=PayGateway.from_settings(settings.pay, appid=settings.wechat.mini_appid, timeouts=waits),
        )

    @property
    def circle(self) -> CircleClient:
        """The business circle, for people of the mini-program."""
        return CircleClient(self.pay, self.mini.appid)

    def close(self) -> None:
        """Let go of the connections that are kept open between calls."""
        for calls in (self.mini.calls, self.official.calls, self.wecom.calls):
            calls.transport.close()
