"""What nobody could read is shown without what may be of a person."""

import pytest

from app.wechat.callbacks.masking import masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "<xml><FromUserName><![CDATA[oABCD1234efgh5678]]></FromUserName><Event>subscribe_msg_popup_event</Event></xml>",
            "<xml><FromUserName><![CDATA[oAB***]]></FromUserName><Event>subscribe_msg_popup_event</Event></xml>",
        ),
        ('{"trade_state": "TELEPORTED", "total": 1200}', '{"trade_state": "TELEPORTED", "total": 1200}'),
        ('{"phone": "13812345678", "at": 1773201600}', '{"phone": "138***", "at": 1773201600}'),
        ("<Nick>王小明</Nick> 沪A12345", "<Nick>王***</Nick> 沪***"),
        ("2.0 subscribe_msg_popup_event", "2.0 subscribe_msg_popup_event"),
        ("", ""),
    ],
)
def test_structure_and_codes_stay_and_the_rest_is_masked(said: str, shown: str) -> None:
    assert masked(said) == shown
