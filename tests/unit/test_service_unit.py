"""The systemd unit and its companions: what they promise agrees with the daemon, and each line says why it is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expensed.errors import BackendUnavailable, ConfigError, SetupError
from expensed.service.daemon import CARE_S, STOP_S

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = (SYSTEMD / "expensed.service").read_text(encoding="utf-8")
MAKEFILE = (SYSTEMD.parent / "Makefile").read_text(encoding="utf-8")
HARDENING = UNIT.partition("# --- ")[2].partition("[Install]")[0]


def values(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, flags=re.MULTILINE)


def seconds(name: str) -> float:
    (value,) = values(name)
    return float(value)


def test_errors_that_need_a_person_are_not_tried_again():
    (codes,) = values("RestartPreventExitStatus")
    assert {int(code) for code in codes.split()} == {ConfigError.exit_code, SetupError.exit_code}
    assert str(BackendUnavailable.exit_code) not in codes


def test_systemd_waits_longer_than_the_daemon_needs():
    assert seconds("TimeoutStopSec") > STOP_S
    assert seconds("WatchdogSec") > 2 * CARE_S


def test_restarts_never_run_out():
    assert values("Restart") == ["on-failure"]
    assert values("StartLimitIntervalSec") == ["0"]


@pytest.mark.parametrize("line", [line for line in HARDENING.splitlines() if re.match(r"[A-Z]\w+=", line)])
def test_each_hardening_line_says_what_it_does(line: str):
    before = HARDENING[: HARDENING.index(f"\n{line}\n")]
    assert before.splitlines()[-1].startswith("# ")


def test_nothing_forbids_what_the_archive_needs():
    assert not values("RestrictSUIDSGID"), "the archive's folders have the set-group-ID bit"
    assert not values("PrivateUsers"), "F_SETLEASE asks for CAP_LEASE of the machine, not of a user namespace"


@pytest.mark.parametrize(("folder", "mode"), [("inbox", "2770"), ("archive", "2750"), ("state", "0700")])
def test_the_folders_of_the_service_are_made_for_its_user(folder: str, mode: str):
    tmpfiles = (SYSTEMD / "expensed.tmpfiles").read_text(encoding="utf-8")
    assert re.search(rf"^d /var/lib/expensed/{folder} +{mode} expensed expensed -$", tmpfiles, flags=re.MULTILINE)
    assert "d /var/lib/expensed " in tmpfiles


def test_user_and_group_are_those_of_the_unit():
    assert values("User") == values("Group") == ["expensed"]
    assert re.search(r"^u expensed ", (SYSTEMD / "expensed.sysusers").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_what_the_unit_starts_is_what_make_installs():
    assert values("ExecStart") == ["/opt/expensed/bin/expensed run -c /etc/expensed/expensed.toml"]
    for place in ("OPT = $(TARGET)/opt\n", "SETTINGS = $(TARGET)/etc/expensed/expensed.toml\n"):
        assert place in MAKEFILE


def test_uninstall_never_names_a_folder_of_documents_or_settings_to_remove():
    recipe = MAKEFILE.partition("\nuninstall:")[2].partition("\n\n")[0]
    removed = [line for line in recipe.splitlines() if "rm " in line]
    assert removed
    assert not any(re.search(r"/var/|/etc/|SETTINGS|inbox|archive|userdel", line) for line in removed)
