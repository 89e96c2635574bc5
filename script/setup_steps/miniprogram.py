"""The mini-program as a project for WeChat's developer tools, made for one server and one mini-program's id."""

import json
import os
import re
import sys
from collections.abc import Mapping

from script.setup_steps import frontends
from script.setup_steps.frontends import MINIPROGRAM

PROJECT = MINIPROGRAM / "dist" / "build" / "mp-weixin"
_ADDRESS = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_APPID = re.compile(r"wx[0-9a-f]{16}")


def main() -> None:
    """Builds the project, or says which setting it lacks."""
    variables = variables_of(os.environ)
    os.environ.update(variables)
    frontends.build_miniprogram()
    project = json.loads((PROJECT / "project.config.json").read_text(encoding="utf-8"))
    print(f"{PROJECT}: {project['appid']}, talks to {variables['VITE_API_BASE']}")


def variables_of(settings: Mapping[str, str]) -> dict[str, str]:
    """The build's variables by the server's settings; ends the program when one of them cannot be right."""
    address = settings.get("HUITOU_PUBLIC_URL", "").rstrip("/")
    appid = settings.get("WECHAT_MINI_APPID", "")
    if not _ADDRESS.fullmatch(address):
        sys.exit("HUITOU_PUBLIC_URL must be the https address that members reach, such as https://member.example.com")
    if not _APPID.fullmatch(appid):
        sys.exit("WECHAT_MINI_APPID must be the mini-program's id: wx and sixteen digits or letters a-f")
    plugin = settings.get("WECHAT_CIRCLE_PLUGIN", "")
    if plugin and not _VERSION.fullmatch(plugin):
        sys.exit("WECHAT_CIRCLE_PLUGIN must be the version of WeChat Pay's plugin, such as 2.4.0, or empty")
    variables = {"VITE_API_BASE": address, "VITE_MINI_APPID": appid}
    return variables | ({"VITE_CIRCLE_PLUGIN": plugin} if plugin else {})


if __name__ == "__main__":
    main()
