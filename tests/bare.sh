#!/usr/bin/env bash
# From nothing to a service on a bare Debian 12 or 13, as a newcomer sees it. Prints a transcript; 0 if all is well.
#
#     tests/bare.sh BARE_DEBIAN [bookworm] [trixie] [plain] [service]
#
# BARE_DEBIAN is the tool that makes, enters and boots such a system (shared/tools/bare-debian). Needs root,
# debootstrap, systemd-container, a network and 3 GB in TMPDIR. Only what is committed is tested.
#
#     plain     without systemd: make demo, again, beside a running daemon; make test (TESTS='' leaves that out)
#     service   booted: make install, and what happens to a service
#
# Without a release, both; without a part, both: about 12 minutes for each release. BASE=FOLDER holds systems made
# before, to be copied: FOLDER/bookworm, FOLDER/trixie.
set -euo pipefail

say() { printf '\n=== %s\n' "$*"; }
fail() {
  printf '\nFAILED: %s\n' "$*"
  [[ $0 != /probe ]] || journalctl --no-pager --quiet -u expensed -o short-iso -n 30
  exit 1
}

wait_for() { # SECONDS SENTENCE COMMAND...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "waited in vain until $what"
    sleep 0.2
  done
  echo "$what"
}

is_inactive() { ! systemctl --quiet is-active expensed; }

# --- on the machine that was asked

outside() {
  local tool source work root word release part made releases=() parts=()
  tool=$(readlink -f "${1:?the path of the tool bare-debian}")
  shift
  for word; do
    case $word in
    bookworm | trixie) releases+=("$word") ;;
    plain | service) parts+=("$word") ;;
    *) fail "there is no release and no part $word" ;;
    esac
  done
  [ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie)
  [ ${#parts[@]} -gt 0 ] || parts=(plain service)
  source=$(git -C "$(dirname "$(readlink -f "$0")")" rev-parse --show-toplevel)
  work=$(mktemp -d)
  trap "rm -rf --one-file-system '$work'" EXIT
  say "$(git -C "$source" log -1 --format='expensed %h of %cd: %s')"
  for release in "${releases[@]}"; do
    made=${BASE:-$work/base}/$release
    mkdir -p "$(dirname "$made")"
    [ -e "$made/.made" ] || { say "make a bare $release"; time "$tool" make "$made" "$release"; }
    for part in "${parts[@]}"; do
      root=$work/$release-$part
      cp -a "$made" "$root"
      say "$release: $part"
      case $part in
      plain) CI=1 "$tool" run "$root" "$source" env TESTS="${TESTS-all}" tests/bare.sh --inside plain ;;
      service) BOOT_S=${BOOT_S:-900} "$tool" boot "$root" "$source" "$source/tests/bare.sh" ;;
      esac || fail "$release: $part"
      rm -rf --one-file-system "$root"
    done
  done
  say "all holds"
}

# --- inside, without systemd

plain() {
  # What every installer writes and debootstrap leaves out on Debian 12: chromedriver finds its browser by that name.
  [ -e /etc/hosts ] || printf '127.0.0.1 localhost\n::1 localhost\n' >/etc/hosts
  say "make demo, from nothing"
  time make demo
  say "make demo, a second time"
  time make demo
  say "make demo, beside make run"
  : >/run.log
  EXPENSED_WEB__PORT=$(free_port) make run >/run.log 2>&1 &
  trap "kill $! 2>/dev/null || true" EXIT
  wait_for 60 "make run is ready" grep -q 'is ready' /run.log
  make demo
  say "Ctrl-C to make run"
  pkill -INT -P $!
  wait $! || true
  cat /run.log
  grep -q stopped /run.log || fail "make run did not stop in order"
  [ -z "$TESTS" ] && return
  say "make test"
  time make test
}

# --- inside, booted: this file is then /probe, started as a unit, and again after the reboot

INBOX=/var/lib/expensed/inbox
ARCHIVE=/var/lib/expensed/archive
DROPPED=/var/lib/bare

service() {
  cd /src
  if [ -e $DROPPED/rebooted ]; then after_reboot; else before_reboot; fi
}

before_reboot() {
  local complaints
  say "the bare system"
  grep PRETTY /etc/os-release
  ! command -v tesseract redis-server || fail "it is not bare"
  mkdir -p $DROPPED/drawn
  # The container shares its host's network, where the usual port may be taken.
  set_environment /etc port "EXPENSED_WEB__PORT=$(free_port)"

  say "make install"
  time make install
  echo '# mine' >>/etc/expensed/expensed.toml
  draw

  say "systemd-analyze verify"
  complaints=$(systemd-analyze verify expensed.service 2>&1) && [ -z "$complaints" ] ||
    fail "verify is not silent: $complaints"
  echo "silent"
  say "systemd-analyze security"
  systemd-analyze security --no-pager expensed.service | grep -v '^✓' || true
  systemd-analyze security --no-pager --threshold=20 expensed.service >/dev/null || fail "its exposure is above 2.0"

  say "systemctl enable --now expensed"
  time systemctl enable --now expensed
  systemctl status --no-pager --lines 3 expensed
  ls -ld /var/lib/expensed/* /etc/expensed/*

  say "a receipt from ann, of the group expensed"
  useradd --create-home --groups expensed ann
  useradd --create-home bob
  ! runuser -u bob -- ls $INBOX 2>/dev/null || fail "bob, not of the group, looks into the inbox"
  drop 0
  wait_for 60 "it is filed" is_settled
  ls -l "$(place_of $DROPPED/drawn/0.jpg)"
  [ "$(stat -c '%a %U %G %Y' "$(place_of $DROPPED/drawn/0.jpg)")" = "640 expensed expensed 1700000000" ] ||
    fail "its mode, owner or time is wrong"
  [ "$(stat -c %a "$(dirname "$(place_of $DROPPED/drawn/0.jpg)")")" = 2750 ] || fail "its folder's mode is wrong"

  say "a whole file that ann still holds open is left alone: CAP_LEASE works"
  runuser -u ann -- sh -c "exec 3>$INBOX/1.jpg; cat $DROPPED/drawn/1.jpg >&3; touch /tmp/held; sleep 20" &
  wait_for 10 "she holds it" test -e /tmp/held
  sleep 18 # longer than inbox.rescan_s
  [ -e $INBOX/1.jpg ] || fail "it was taken under her hands"
  wait $!
  echo 1.jpg >>$DROPPED/list
  wait_for 60 "she let go, and it is filed" is_settled

  say "a PDF, and a receipt read by tesseract, inside the same walls"
  drop 2 pdf
  set_environment /run engine EXPENSED_READING__ENGINE=tesseract
  systemctl restart expensed || fail "it does not start with tesseract"
  drop 3
  wait_for 60 "they are filed" is_settled
  rm /run/systemd/system/expensed.service.d/engine.conf
  systemctl daemon-reload
  systemctl restart expensed

  say "systemctl kill -s KILL, in the middle of the work"
  drop_many 10 19
  wait_for 30 "work is in hand" is_at_work
  systemctl kill -s KILL expensed
  wait_for 30 "it is down" is_inactive
  wait_for 60 "it is up again, by itself" systemctl --quiet is-active expensed
  wait_for 120 "all are filed" is_settled

  say "systemctl restart, in the middle of the work"
  drop_many 20 29
  wait_for 30 "work is in hand" is_at_work
  time systemctl restart expensed
  wait_for 120 "all are filed" is_settled

  say "make install while it runs: it is restarted; its settings stay"
  make install
  systemctl --quiet is-active expensed || fail "it is not running"
  grep -x '# mine' /etc/expensed/expensed.toml || fail "the settings were overwritten"

  say "a reboot, in the middle of the work"
  drop_many 30 39
  wait_for 30 "work is in hand" is_at_work
  touch $DROPPED/rebooted /run-again
  systemctl reboot
}

after_reboot() {
  say "after the reboot"
  wait_for 60 "it is up, by itself" systemctl --quiet is-active expensed
  wait_for 120 "all are filed" is_settled
  runuser -u expensed -- expensed check -c /etc/expensed/expensed.toml || fail "expensed check"
  find $ARCHIVE -type f ! -name '*.json' | sort

  say "make uninstall, twice: documents and settings stay"
  find $ARCHIVE $INBOX -type f | sort >/before
  make uninstall
  make uninstall
  find $ARCHIVE $INBOX -type f | sort | diff /before - || fail "documents were touched"
  ls /etc/expensed/expensed.toml /var/lib/expensed/state/ledger.sqlite3
  ! ls -d /opt/expensed /usr/local/bin/expensed 2>/dev/null || fail "something is left"
  [ -z "$(find /usr/local /etc/systemd -name 'expensed*' ! -name '*.d')" ] || fail "a unit is left"
  ! systemctl --quiet is-active expensed || fail "it still runs"

  say "the log of it all"
  journalctl --no-pager --quiet -u expensed -o short-iso -p notice
  say "the last of it"
  journalctl --no-pager --quiet -u expensed -o cat -n 15
}

set_environment() { # /etc or /run, NAME, VARIABLE=VALUE: a drop-in for the service
  local folder=$1/systemd/system/expensed.service.d
  mkdir -p "$folder"
  printf '[Service]\nEnvironment=%s\n' "$3" >"$folder/$2.conf"
  systemctl daemon-reload
}

draw() {
  .venv/bin/python - $DROPPED/drawn <<'PYTHON'
import sys
from pathlib import Path
sys.path.insert(0, ".")
from tests.documents.drawing import draw_receipt, encode

for number in range(40):
    coffee = 300 + 110 * number
    total = 760 + coffee
    lines = f"""^BIRKENHOF BAKERY LTD
12 Mill Lane
London W1B 5QH

Date: 17/03/2024  09:41
2 Sourdough bread | 7.60
1 Filter coffee | {coffee / 100:.2f}

TOTAL GBP | {total / 100:.2f}
Cash GBP | 100.00
Change GBP | {100 - total / 100:.2f}"""
    picture = draw_receipt(lines.splitlines())
    folder = Path(sys.argv[1])
    (folder / f"{number}.jpg").write_bytes(encode(picture))
    (folder / f"{number}.pdf").write_bytes(encode(picture.convert("RGB"), "PDF"))
PYTHON
  touch -d @1700000000 $DROPPED/drawn/*
}

drop() { # NUMBER [KIND]: ann copies a receipt into the inbox
  runuser -u ann -- cp --preserve=timestamps "$DROPPED/drawn/$1.${2:-jpg}" $INBOX/
  echo "$1.${2:-jpg}" >>$DROPPED/list
}

drop_many() {
  local number
  for number in $(seq "$1" "$2"); do drop "$number"; done
}

place_of() { # FILE: where its bytes lie in the archive
  local sum
  sum=$(sha256sum <"$1")
  find $ARCHIVE -type f ! -name '*.json' ! -name '*.txt' -size "$(stat -c %s "$1")c" -print0 |
    while IFS= read -r -d '' found; do
      [ "$(sha256sum <"$found")" != "$sum" ] || printf '%s\n' "$found"
    done
}

is_settled() { # is every receipt that was dropped filed, once, and the inbox empty?
  local name
  [ -z "$(find $INBOX -type f ! -name lock)" ] || return 1
  while read -r name; do
    case "$(place_of "$DROPPED/drawn/$name")" in
    *$'\n'* | */_*) fail "$name is not filed, or twice: $(place_of "$DROPPED/drawn/$name")" ;;
    '') return 1 ;;
    esac
  done <$DROPPED/list
}

is_at_work() { # a child is there, and so is something for it to read
  pgrep -f expensed.readers.child >/dev/null && [ -n "$(find $INBOX -name '*.jpg')" ]
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

case "$0 ${1-}" in
/probe*) service ;;
*--inside) "$2" ;;
*) outside "$@" ;;
esac
