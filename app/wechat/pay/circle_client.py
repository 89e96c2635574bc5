"""What the product asks and tells WeChat Pay of the business circle, beside points; the library's own calls fail.

Raises WeChatError and PlatformUnavailable, as all calls of WeChat Pay do.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from app.kernel import clock
from app.kernel.errors import PlatformUnavailable
from app.wechat.pay.pay import PLATFORM, PayGateway

_Word = TypeVar("_Word", bound=StrEnum)

PARKINGS = "/v3/businesscircle/parkings"
AUTHORISATIONS = "/v3/businesscircle/user-authorizations"


class Said(StrEnum):
    """Whether somebody lets the circle be told of their payments."""

    ON = "AUTHORIZED"
    NEVER = "UNAUTHORIZED"
    WITHDRAWN = "DEAUTHORIZED"


@dataclass(frozen=True, slots=True)
class CircleClient:
    """The calls, for people of our mini-program."""

    pay: PayGateway
    appid: str

    def ask_authorisation(self, mchid: str, openid: str) -> Said:
        """How a person stands with the circle now."""
        said = self.pay.request(f"{AUTHORISATIONS}/{quote(openid, safe='')}?{self._query(mchid)}")
        return _understood(Said, said.get("authorize_state"))

    def has_to_submit(self, mchid: str, brand_id: int, openid: str) -> bool:
        """Whether a person who authorised has payments of today that they have to hand in."""
        path = f"/v3/businesscircle/users/{quote(openid, safe='')}/points/commit_status"
        said = self.pay.request(f"{path}?{self._query(mchid, brandid=brand_id)}")
        return _understood(_Commit, said.get("points_commit_status")) is _Commit.PENDING

    def tell_parking(self, mchid: str, brand_id: int, openid: str, *, plate: str, is_in: bool, at: datetime) -> None:
        """A car of a person who authorised came or left; the same again is harmless."""
        body: dict[str, Any] = {"brandid": brand_id, "appid": self.appid, "openid": openid, "plate_number": plate}
        body |= {"state": "IN" if is_in else "OUT", "time": clock.local(at).isoformat(timespec="seconds")}
        self.pay.request(PARKINGS, body | self._provider(mchid))

    def _query(self, mchid: str, **more: Any) -> str:
        return urlencode({"appid": self.appid, **more, **self._provider(mchid)})

    def _provider(self, mchid: str) -> dict[str, str]:
        """A circle of another merchant than ours is named beside."""
        return {} if mchid == self.pay.mchid else {"sub_mchid": mchid}


class _Commit(StrEnum):
    PENDING = "PENDING"
    FINISHED = "FINISHED"


def _understood(kind: type[_Word], text: object) -> _Word:
    """A signed answer that is not what was asked for is as good as none."""
    try:
        return kind(str(text))
    except ValueError:
        raise PlatformUnavailable(platform=PLATFORM) from None
