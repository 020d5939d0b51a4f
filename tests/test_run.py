"""`run.py`: what it makes of its arguments and of the environment, and that it leaves nothing running."""

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import run
from launch import children, environment, machine, packages, processes, testing

ROOT = Path(__file__).resolve().parent.parent
SERVE = """
import os, sys
from launch import children, processes
port = processes.free_port("127.0.0.1", int(sys.argv[1]))
children.SECONDS_TO_END = 10
sys.exit(processes.serve("127.0.0.1", port, os.environ, lambda: print("ready", flush=True)))
"""


# --- Arguments --------------------------------------------------------------------------------------------------------
def test_without_arguments_the_demonstration_is_served_to_this_machine_only():
    options, rest = run.arguments([])
    assert (options.command, options.empty, options.host, options.port, rest) == ("up", False, "127.0.0.1", 8000, [])


def test_what_follows_test_manage_and_bench_is_passed_on_untouched():
    assert run.arguments(["test", "-k", "invoice", "--port", "1"])[1] == ["-k", "invoice", "--port", "1"]
    options, rest = run.arguments(["--empty", "manage", "import_schools", "--help"])
    assert (options.command, options.empty, rest) == ("manage", True, ["import_schools", "--help"])


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        run.arguments(["serve"])
    assert refused.value.code == 2
    assert "invalid choice: 'serve'" in capsys.readouterr().err


# --- Environment ------------------------------------------------------------------------------------------------------
def test_a_secret_key_is_made_once_and_kept_for_its_owner_only(tmp_path):
    key = environment.secret_key(tmp_path / "var")
    assert environment.secret_key(tmp_path / "var") == key
    assert len(key) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_what_somebody_has_set_is_kept(tmp_path):
    given = {
        "SIDEBYSIDE_VAR": str(tmp_path),
        "SECRET_KEY": "theirs",
        "LOG_LEVEL": "DEBUG",
        "DATABASE_URL": "postgres:///a",
    }
    made = environment.settings(given, demo=True)
    assert made == given | {"DEBUG": "0", "DEMO": "1", "LOG_JSON": "0", "PYTHONUNBUFFERED": "1"}


def test_a_councils_own_portal_is_never_a_demonstration_and_has_its_own_folder():
    made = environment.settings({"SECRET_KEY": "theirs", "DEMO": "1"}, demo=False, empty=True)
    assert (made["DEMO"], made["SIDEBYSIDE_VAR"]) == ("0", str(ROOT / "var" / "empty"))
    assert environment.var_folder({}) == ROOT / "var"


@pytest.mark.parametrize(
    ("host", "demo", "names"),
    [
        ("127.0.0.1", True, "localhost,127.0.0.1,[::1]"),
        ("192.0.2.7", False, "localhost,127.0.0.1,[::1],192.0.2.7"),
        ("0.0.0.0", True, "*"),
        ("0.0.0.0", False, "localhost,127.0.0.1,[::1]"),
    ],
)
def test_the_portal_answers_to_the_names_it_is_reached_by(host, demo, names):
    assert environment.address({}, host, 8000, demo=demo)["ALLOWED_HOSTS"] == names


def test_given_names_and_address_are_kept():
    given = {"ALLOWED_HOSTS": "portal.example", "SITE_URL": "https://portal.example"}
    assert environment.address(given, "0.0.0.0", 8000, demo=True) == given


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("portal.example", "http://portal.example:8000/"),
    ],
)
def test_the_printed_address_opens_on_this_machine(host, url):
    assert environment.page(host, 8000) == url


# --- Machine and packages ---------------------------------------------------------------------------------------------
def test_who_may_not_install_gets_one_line_to_run(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        machine.apt_install(["chromium"], "The browser tests need Chromium")
    assert str(stopped.value) == (
        "\nThe browser tests need Chromium.\nRun this once, then the same command again:\n\n"
        "    sudo apt-get install -y --no-install-recommends chromium\n"
    )


def test_a_changed_lock_file_is_installed_again(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("one==1")
    before = packages.fingerprint(lock)
    lock.write_text("one==2")
    assert packages.fingerprint(lock) != before


# --- Tests ------------------------------------------------------------------------------------------------------------
def test_every_test_runs_once_fast_ones_side_by_side():
    assert testing.plan([], browser=True) == [[*testing.PARALLEL, "-m", "not process"], ["-m", "process"]]


def test_without_a_browser_only_browser_tests_are_left_out():
    assert [words[-1] for words in testing.plan([], browser=False)] == [
        "not process and not browser",
        "process and not browser",
    ]
    assert testing.plan(["tests/test_run.py"], browser=False) == [["-m", "not browser", "tests/test_run.py"]]


# --- Processes --------------------------------------------------------------------------------------------------------
def test_a_taken_port_is_skipped_with_a_word(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = processes.free_port("127.0.0.1", port)
    assert found > port
    assert capsys.readouterr().out == f"» port {port} is taken: using {found} instead\n"


def test_a_port_that_may_not_be_used_is_said():
    with pytest.raises(SystemExit, match=r"Cannot listen on 203\.0\.113\.1"):
        processes.free_port("203.0.113.1", 8000)  # an address that no machine has


@pytest.mark.parametrize(("program", "code"), [("exit(3)", 3), ("import os; os.kill(os.getpid(), 15)", 143)])
def test_a_programs_exit_code_is_ours_as_a_shell_says_it(program, code):
    assert children.foreground([sys.executable, "-c", program]) == code


@pytest.fixture
def supervisor(tmp_path):
    """Web, worker and beat under their supervisor, answering; on a database and a broker of their own."""
    own = {"SIDEBYSIDE_VAR": str(tmp_path), "SECRET_KEY": "for this test only", "LOG_LEVEL": "ERROR", "DEMO": "0"}
    plain = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-c", SERVE, "18000"]
    with subprocess.Popen(command, cwd=ROOT, env=plain | own, stdout=subprocess.PIPE, text=True) as process:
        words = iter(process.stdout.readline, "")
        assert next((word for word in words if word == "ready\n"), "it never answered") == "ready\n"
        yield process
        process.kill()


@pytest.mark.process
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_nothing_is_left_running(ending, supervisor):
    family = [os.pidfd_open(pid) for pid in _descendants(supervisor.pid)]
    assert len(family) >= 4  # gunicorn and its worker, the Celery worker, beat
    supervisor.send_signal(ending)
    assert supervisor.wait(30) == (-signal.SIGKILL if ending == signal.SIGKILL else 0)
    assert [_has_ended(child) for child in family] == [True] * len(family)


@pytest.mark.process
def test_when_one_process_ends_by_itself_the_rest_is_stopped_and_it_is_an_error(supervisor):
    children = _descendants(supervisor.pid)
    family = [os.pidfd_open(pid) for pid in children]
    os.kill(children[0], signal.SIGKILL)
    assert supervisor.wait(30) == 1
    assert [_has_ended(child) for child in family] == [True] * len(family)


def _descendants(pid):
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return children + [below for child in children for below in _descendants(child)]


def _has_ended(pidfd):
    readable, _, _ = select.select([pidfd], [], [], 30)
    os.close(pidfd)
    return bool(readable)
