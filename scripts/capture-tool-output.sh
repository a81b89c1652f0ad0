#!/bin/bash
# Captures what established tools print about a fixture host: they are run in a mount namespace of
# their own, in which the fixture's files are /proc and /sys, switched from the first snapshot to the
# second between the tools' two samples. So tools and collectors see the very same numbers, and must
# agree to the last printed digit.
#
#     sudo scripts/capture-tool-output.sh test/hosts/<name> [...]
#
# Needs root, sysstat, procps, ifstat and nfs-common. Writes <host>/tools/*.txt.
set -euo pipefail
export LC_ALL=C S_TIME_FORMAT=ISO S_COLORS=never TZ=UTC

# Each tool's two samples are this far apart; vmstat divides by it, sysstat by the snapshots' uptime.
SECONDS_APART=2

if [ "${1:-}" = --inside ]; then
  shift
  host=$1
  # Where the snapshots are: the host's own folder, or that into which its text was unfolded.
  files=$2
  view=$(mktemp -d)
  cp -a "$files/1/." "$view"
  out=$(mktemp -d)
  # Prepared before /proc is gone.
  gone=$(cat "$files/gone.txt")
  mount --bind "$view/sys" /sys
  mount --bind "$view/proc" /proc

  advance() {
    local file
    # In place: what a tool holds open must show the new content.
    (cd "$files/2" && find . -type f) | while read -r file; do
      if [ -e "$view/$file" ]; then cat "$files/2/$file" > "$view/$file"
      else mkdir -p "$(dirname "$view/$file")"; cp "$files/2/$file" "$view/$file"; fi
    done
    for file in $gone; do rm -f "$view/$file"; done
  }
  restore() {
    local file
    (cd "$files/1" && find . -type f) | while read -r file; do
      mkdir -p "$(dirname "$view/$file")"; cat "$files/1/$file" > "$view/$file"
    done
  }
  # run NAME COMMAND...: its second sample falls on the second snapshot.
  run() {
    local name=$1 pid
    shift
    restore
    "$@" > "$out/$name.txt" 2>&1 &
    pid=$!
    sleep 1
    advance
    # Some tools refuse some hosts (vmstat a one-CPU user-mode kernel): no output then.
    wait $pid || { echo "$host: $name gave up: $(tail -n 1 "$out/$name.txt")" >&2; rm "$out/$name.txt"; }
  }

  run vmstat vmstat -n $SECONDS_APART 2
  run mpstat mpstat -P ALL $SECONDS_APART 1
  run iostat iostat -x -k -p ALL $SECONDS_APART 2
  # Without anyone's settings.
  HOME=/nonexistent run top top -b -n 2 -d $SECONDS_APART -w 200
  run pidstat pidstat -p ALL -u -r -d -w $SECONDS_APART 1
  # Its rates are by the clock on the wall: of SECONDS_APART, not of the snapshots' uptime.
  run ifstat ifstat -a -n $SECONDS_APART 1
  run sadc /usr/lib/sysstat/sadc -S XALL $SECONDS_APART 2 "$out/sa"
  rm "$out/sadc.txt"
  # Only where the host has an NFS client, or a server.
  if [ -e "$view/proc/net/rpc/nfs" ]; then
    run nfsiostat nfsiostat $SECONDS_APART 2 /home
    nfsstat -c > "$out/nfsstat-client.txt"
  fi
  [ ! -e "$view/proc/net/rpc/nfsd" ] || nfsstat -s > "$out/nfsstat-server.txt"
  free -b > "$out/free.txt"
  uptime > "$out/uptime.txt"
  for report in "u=-u ALL -P ALL" "v=-v" "q=-q LOAD" "psi=-q PSI" "W=-W" "B=-B" "w=-w" "r=-r ALL" "S=-S" "d=-d" \
    "n-tcp=-n TCP,ETCP" "n-udp=-n UDP" "n-ip=-n IP,EIP" "n-ip6=-n IP6,UDP6" "n-sock=-n SOCK" "n-nfs=-n NFS,NFSD" "n-soft=-n SOFT -P ALL" "n-dev=-n DEV,EDEV"; do
    # shellcheck disable=SC2086
    sar -f "$out/sa" ${report#*=} > "$out/sar-${report%%=*}.txt" 2> /dev/null || rm "$out/sar-${report%%=*}.txt"
  done
  rm -rf "$host/tools"
  mkdir "$host/tools"
  # The first line tells date and machine; times would differ with every capture.
  for file in "$out"/*.txt; do
    sed -E -e '1s/^Linux \S+ \([^)]*\)\s+\S+/Linux 0.0.0 (fixture) 1970-01-01/' \
      -e 's/^( ?)[0-9]{2}:[0-9]{2}:[0-9]{2}/\100:00:00/' "$file" > "$host/tools/$(basename "$file")"
  done
  umount /proc /sys
  rm -rf "$view" "$out"
  exit
fi

for host in "$@"; do
  files=$(realpath "$host")
  if [ -f "$host/host.txt" ]; then
    files=$(mktemp -d)
    npx tsx "$(dirname "$0")/fold-host.ts" --unfold "$host" "$files"
  fi
  unshare -m "$0" --inside "$(realpath "$host")" "$files"
done
