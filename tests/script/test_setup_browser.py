"""Which browser is tested with, and what the set-up does to get it."""

import os

import pytest

from script.setup_steps import browser, progress, stamps


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A system that has nothing but the programs that a test puts there; stamps and logs lie beside."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for module in (stamps, progress):
        monkeypatch.setattr(module, "NOTES", tmp_path / "notes")
    monkeypatch.setattr(browser, "MAC", tmp_path / "none")
    monkeypatch.delenv("HUITOU_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(folder, name, script="exit 1"):
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


def test_the_quickest_browser_is_taken_and_a_named_one_before_all(programs, monkeypatch):
    assert browser.find() is None
    plain = put(programs, "chromium")
    assert browser.find() == plain
    quick = put(programs, browser.WINDOWLESS)
    assert browser.find() == quick
    monkeypatch.setenv("HUITOU_CHROMIUM", plain)
    assert browser.find() == plain


def test_a_system_without_the_quick_one_is_asked_once_and_keeps_what_it_has(programs, tmp_path, monkeypatch, capsys):
    asked = tmp_path / "asked"
    (programs / "sh").symlink_to("/bin/sh")
    put(programs, "apt-get", f'echo "$@" >> {asked}; test "$1" = update')
    put(programs, "chromium")
    put(programs, "fc-list", "echo Noto Sans CJK SC")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for _ in range(2):
        browser.install_when_possible()

    installs = [line for line in asked.read_text().splitlines() if line.startswith("install")]
    assert installs == [f"install -y --no-install-recommends {browser.WINDOWLESS} {browser.FONTS}"]
    assert f"Going on without {browser.WINDOWLESS}" in capsys.readouterr().out
    assert browser.find() == str(programs / "chromium")


def test_a_system_without_any_browser_gets_one(programs, tmp_path, monkeypatch):
    (programs / "sh").symlink_to("/bin/sh")
    put(programs, "fc-list", "echo Noto Sans CJK SC")
    got = programs / "chromium"
    put(
        programs,
        "apt-get",
        f'case "$*" in *" chromium "*) echo > {got}; /bin/chmod +x {got};; *update*) ;; *) exit 1;; esac',
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    browser.install_when_possible()

    assert browser.missing() is None
