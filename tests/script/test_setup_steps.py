"""The set-up: runs again only what changed, and says what to do when it fails."""

import errno
import hashlib
import io
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from script.setup_steps import __main__ as setup
from script.setup_steps import lock, miniprogram, packages, progress, stamps
from script.supervisor.database import ROOT
from script.supervisor.errors import DISK_FULL, Stop
from tests.support.waiting import wait_until

COMPILED = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")


@pytest.fixture
def notes(tmp_path, monkeypatch):
    """Stamps and logs of these tests, apart from the checkout's own."""
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    monkeypatch.setattr(stamps, "NOTES", tmp_path / "notes")
    monkeypatch.setattr(progress, "NOTES", tmp_path / "notes")
    return tmp_path / "notes"


def test_a_fingerprint_changes_with_content_name_and_facts(notes, tmp_path):
    file = tmp_path / "in.txt"
    file.write_text("one")
    first = stamps.fingerprint([tmp_path / "in.txt"], "fact")

    assert stamps.fingerprint([file], "fact") == first
    assert stamps.fingerprint([file], "other fact") != first
    file.write_text("two")
    assert stamps.fingerprint([file], "fact") != first
    file.write_text("one")
    assert stamps.fingerprint([file.rename(tmp_path / "other.txt")], "fact") != first


def test_a_step_is_current_only_when_it_was_finished_and_its_output_is_there(notes, tmp_path):
    output = tmp_path / "out"
    assert not stamps.is_current("step", "v1")
    stamps.keep("step", "v1")
    assert stamps.is_current("step", "v1")
    assert not stamps.is_current("step", "v2")
    assert not stamps.is_current("step", "v1", [output])
    stamps.forget("step")
    assert not stamps.is_current("step", "v1")


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("error: command 'gcc' failed: No such file or directory", "build-essential"),
        ("npm ERR! nospc ENOSPC: no space left on device, write", "The disk is full"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full"),
        ("NewConnectionError: Temporary failure in name resolution", "check the network"),
        ("npm ERR! network request to registry failed, reason: getaddrinfo EAI_AGAIN", "check the network"),
    ],
)
def test_a_failed_step_says_what_to_do(notes, output, advice):
    code = f"import sys; print({output!r}); sys.exit(1)"

    with pytest.raises(Stop) as stopped:
        progress.run(progress.Step("Some step"), [sys.executable, "-c", code], cwd=notes.parent, log="step")
    assert output in str(stopped.value)
    assert advice in str(stopped.value)


def test_progress_is_counted_in_lines_or_read_from_them(notes):
    counted = progress.Step("Counting", re.compile("^Collecting "), 5)
    read = progress.Step("Reading", re.compile(r"(\d+)/(\d+)"))
    for line in ["Collecting a", "Using cached a", "Collecting b"]:
        counted.see(line)
    read.see("members 30/40")

    assert counted.text().startswith("Counting ... 2 of 5 (")
    assert read.text().startswith("Reading ... 30 of 40 (")


def test_what_follows_the_last_one_is_told(notes):
    step = progress.Step("Packages", re.compile("^fetched "), 2, then="unpacking them")
    step.see("fetched a")
    assert step.text().startswith("Packages ... 1 of 2 (")
    step.see("fetched b")
    assert step.text().startswith("Packages ... 2 of 2, unpacking them (")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_steps_at_the_same_time_share_the_line(notes, tmp_path, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with socket.create_server(("127.0.0.1", 0)) as gate, ThreadPoolExecutor() as both:
        waits = f"import socket; socket.create_connection({gate.getsockname()!r}).recv(1)"
        steps = {name: progress.Step(name) for name in ("One", "Other")}
        for name, step in steps.items():
            both.submit(progress.run, step, [sys.executable, "-c", waits], cwd=tmp_path, log=name)
        inside = [gate.accept()[0] for _ in steps]
        wait_until(lambda: re.search(r"(One|Other) \.\.\. \(\d s\) \| (One|Other) ", terminal.getvalue()))
        for connection in inside:
            connection.close()
    assert sorted(re.findall(r"(One|Other): \d s\n", terminal.getvalue())) == ["One", "Other"]


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, DISK_FULL), (errno.EACCES, "cannot be written to")])
def test_a_refusal_of_the_system_says_what_to_do(number, words):
    assert words in setup.explain(OSError(number, "refused", "/some/file"))


def _blocks(name):
    """Of a compiled file: the pin and its hashes, one text a package; comments and `-r` lines left out."""
    joined = (lock.ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in joined.splitlines() if not line.startswith(("#", "-r "))]


def test_pins_hold_everything_that_is_asked_for():
    asked = {
        re.split(r"[\[~=<> ]", line)[0].lower()
        for name in ("requirements.in", "requirements-dev.in", "requirements-node.in")
        for line in (lock.ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    }
    pinned = {block.partition("==")[0] for name in COMPILED for block in _blocks(name)}

    assert len(asked) > 30
    assert asked - pinned == set()


@pytest.mark.parametrize("name", COMPILED)
def test_every_pin_bears_hashes_and_no_index_is_named(name):
    blocks = _blocks(name)

    assert blocks
    assert [
        block for block in blocks if not re.fullmatch(r"[a-z0-9-]+==\S+( +--hash=sha256:[0-9a-f]{64})+", block)
    ] == []
    assert "//" not in (lock.ROOT / name).read_text(encoding="utf-8")


def test_a_file_with_another_hash_is_not_installed(notes, tmp_path):
    """A wheel that was changed after the pins were made."""
    wheel = _wheel(tmp_path)
    wrong = hashlib.sha256(wheel.read_bytes() + b"changed").hexdigest()
    listed = tmp_path / "listed.txt"
    listed.write_text(f"--no-index\n--find-links {tmp_path}\nharmless==1.0 --hash=sha256:{wrong}\n")

    with pytest.raises(Stop) as stopped:
        packages.pip_install("Packages", listed, 1, log="packages")
    assert "DO NOT MATCH THE HASHES" in str(stopped.value)


def _wheel(folder):
    """The smallest wheel that pip takes."""
    path = folder / "harmless-1.0-py3-none-any.whl"
    info = "harmless-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: harmless\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def test_an_environment_that_is_only_linked_to_is_not_emptied(tmp_path):
    own, other = tmp_path / "own", tmp_path / "other"
    (own / "script").mkdir(parents=True)
    other.mkdir()
    (other / "kept").touch()
    (own / ".venv").symlink_to(other)
    shutil.copy(ROOT / "script" / "setup", own / "script" / "setup")
    done = subprocess.run([str(own / "script" / "setup")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "belongs to another checkout" in done.stderr
    assert (other / "kept").exists()
    assert (own / ".venv").is_symlink()


def test_the_mini_program_is_built_for_the_server_s_own_settings():
    settings = {"HUITOU_PUBLIC_URL": "https://member.example.com/", "WECHAT_MINI_APPID": "wx0123456789abcdef"}
    made = {"VITE_API_BASE": "https://member.example.com", "VITE_MINI_APPID": "wx0123456789abcdef"}

    assert miniprogram.variables_of(settings) == made
    with pytest.raises(SystemExit, match="HUITOU_PUBLIC_URL must be the https address"):
        miniprogram.variables_of(settings | {"HUITOU_PUBLIC_URL": "http://127.0.0.1:8000"})
    with pytest.raises(SystemExit, match="WECHAT_MINI_APPID must be"):
        miniprogram.variables_of(settings | {"WECHAT_MINI_APPID": ""})
