#!/usr/bin/env bash
# Pulls disks and cuts the power under a daemon that is at work. Needs root; disturbs nothing outside.
#
#     tests/faults.sh                     every test, at most 15 minutes
#     tests/faults.sh power [LOSSES]      only losses of power, 30 unless told otherwise
#     tests/faults.sh places [MOMENTS]    only places taken away, each at 20 moments unless told otherwise
#     tests/faults.sh ... -- ARGS         ARGS go to pytest: -k exfat, --seed 7, -x
#
# Everything happens in namespaces of its own, for mounts and for processes: when it ends, however it ends, every mount,
# loop device and process of it is gone. The disks are images in a tmpfs. It needs unshare and losetup (util-linux),
# mkfs.ext4 (e2fsprogs), mkfs.exfat (exfatprogs), mount.exfat-fuse (exfat-fuse), git, and `make setup` done.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
  printf 'faults.sh: %s\n' "$@" >&2
  exit 1
}

outside() {
  [ "$(id -u)" = 0 ] || stop "This needs root, because it mounts disks."
  [ -x .venv/bin/pytest ] || stop "Run \`make setup\` first."
  local missing=() program
  for program in unshare losetup mkfs.ext4 mkfs.exfat mount.exfat-fuse git; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ ${#missing[@]} = 0 ] || stop "These programs are missing: ${missing[*]}." \
    "On Debian: apt-get install util-linux e2fsprogs exfatprogs exfat-fuse git"
  local work
  work=$(mktemp -d)
  trap "rmdir '$work'" EXIT # what was mounted there was seen inside only
  unshare --mount --propagation private --pid --fork --kill-child --mount-proc "$0" --inside "$work" "$@"
}

inside() {
  local work=$1 chosen=() what=${2-}
  mount -t tmpfs -o size=4g,mode=700 tmpfs "$work"
  export TMPDIR=$work EXPENSED_FAULTS=1
  shift
  case $what in
  power) chosen=(tests/faults/test_power.py --losses) ;;
  places) chosen=(tests/faults/test_places.py --moments) ;;
  '' | --) chosen=(tests/faults) ;;
  *) stop "There is no part called $what; see the head of this file." ;;
  esac
  if [[ $what = power || $what = places ]]; then
    shift
    if [[ ${1-} =~ ^[0-9]+$ ]]; then
      chosen+=("$1")
      shift
    elif [ "$what" = power ]; then chosen+=(30); else chosen+=(20); fi
  fi
  [ "${1-}" != -- ] || shift
  # Not `exec`: this shell is the first process here, and takes in what others leave behind.
  .venv/bin/pytest --basetemp="$work/tests" -p no:cacheprovider "${chosen[@]}" "$@"
}

case ${1-} in
--inside) shift && inside "$@" ;;
*) outside "$@" ;;
esac
