"""What the terminal shows: aligned tables, a QR code that a phone can read, a word on taken ports."""

import os
import socket

import pytest
import zxingcpp
from PIL import Image

from app.access.wording import ROLES
from script.supervisor import banner, ports
from script.supervisor.errors import Stop

SHADES = {" ": (0, 0), "▀": (255, 0), "▄": (0, 255), "█": (255, 255)}
SCALE = 8


def picture(text):
    """The half-block letters as a camera would see them on a dark terminal."""
    rows = text.splitlines()
    image = Image.new("L", (max(map(len, rows)), 2 * len(rows)))
    for y, row in enumerate(rows):
        for x, letter in enumerate(row):
            for half in (0, 1):
                image.putpixel((x, 2 * y + half), SHADES[letter.replace("\xa0", " ")][half])
    return image.resize((image.width * SCALE, image.height * SCALE), Image.Resampling.NEAREST)


def test_the_qr_code_in_the_terminal_leads_to_the_page():
    (found,) = zxingcpp.read_barcodes(picture(banner.qr("http://192.168.1.20:8000/h5/")))

    assert found.text == "http://192.168.1.20:8000/h5/"


def test_columns_stay_aligned_under_chinese_names():
    lines = banner.table([("name", "phone"), ("王小明", "1"), ("Li", "2")]).splitlines()

    assert lines == ["  name    phone", "  王小明  1", "  Li      2"]


def test_who_signs_in_reads_where_under_a_head_that_says_so():
    found = [
        {"portal": "portal", "role": "clerk", "phone": "139"},
        {"portal": "console", "role": "finance", "phone": "138"},
    ]
    lines = banner.sign_ins(found).splitlines()

    assert lines == [
        "  sign in at       role      phone",
        "  Merchant portal  店员      139",
        "  Mall console     商场财务  138",
    ]


def test_roles_are_called_as_the_product_calls_them():
    assert {role: words for role, words in banner._ROLES.items() if words != ROLES[role]} == {}


def test_a_taken_port_is_told_with_its_holder_and_a_way_out():
    with socket.create_server((ports.LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Stop) as stopped:
            ports.ensure_free(port, ports.LOOPBACK, what="the web server")

    assert f"(process {os.getpid()})" in str(stopped.value)
    assert "script/run --port" in str(stopped.value)


def test_a_port_just_left_is_free_again():
    with socket.create_server((ports.LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
    ports.ensure_free(port, ports.LOOPBACK, what="the web server")

    assert not ports.answers(port)
