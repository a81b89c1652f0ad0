#!/bin/sh
# Linux Perfmon recorder @VERSION@: records a host that has no Node, with sh, awk and gzip.
#
# Every second it copies the kernel's counters (files in /proc, the lists are below) to a file in its
# folder, and once a minute what disks and network interfaces there are (/sys). It changes nothing,
# sends nothing, and needs no root. Of processes, if at all, it reads /proc/PID/stat: no arguments, no
# environment. A line that is as it was in the sample before is written as an empty line.
# `perfmon load` and `perfmon compare` read the folder. docs/recorder.md describes the format.

usage() {
  cat <<'END'
Usage: sh recorder.sh [options]        until Ctrl-C, SIGTERM or SIGHUP

  -o DIR            folder to write, must not hold a recording (default: perfmon-HOST-TIME)
  -i SECONDS        time between samples, whole seconds or 5m, 1h (default: 1)
  --for TIME        stop after this time, such as 90, 5m or 8h
  --cluster NAME    cluster this host belongs to (default: local)
  --run NAME        name of the run (default: the time it starts)
  --role ROLE       the host's role in the cluster (default: worker)
  --host NAME       name to record (default: the host's own)
  --processes TIME  processes too, this often, such as 10
  --max-size MB     stop when the recording is larger (default: 1024)
  --min-free MB     stop when the disk has less room than this (default: 200)
END
}

# ---- What is recorded: below /proc with every sample, then once a minute, then once.
every='uptime stat loadavg vmstat meminfo diskstats buddyinfo softirqs pressure/cpu pressure/memory pressure/io
  pressure/irq net/dev net/snmp net/netstat net/snmp6 net/sockstat net/sockstat6 net/softnet_stat'
minute='interrupts swaps schedstat sys/fs/file-nr sys/fs/inode-nr
  sys/kernel/task_delayacct'
minute_sys='block/*/size block/*/removable block/*/queue/rotational block/*/device/model
  block/*/dm/name block/*/*/partition class/net/*/speed class/net/*/duplex class/net/*/type'
minute_links='block/*/slaves/* class/net/*/device class/net/*/device/driver class/net/*/master
  class/net/*/bridge class/net/*/bonding class/net/*/lower_*'
once='cpuinfo meminfo stat swaps version pressure/cpu self/cgroup self/mountinfo self/status 1/cgroup
  sys/kernel/hostname sys/kernel/osrelease sys/kernel/version sys/kernel/arch
  sys/kernel/random/boot_id sys/kernel/numa_balancing sys/kernel/sched_autogroup_enabled
  sys/vm/swappiness sys/vm/dirty_ratio sys/vm/dirty_background_ratio sys/vm/dirty_bytes
  sys/vm/overcommit_memory sys/vm/overcommit_ratio sys/vm/min_free_kbytes sys/vm/zone_reclaim_mode
  sys/vm/vfs_cache_pressure sys/vm/nr_hugepages sys/net/core/somaxconn
  sys/net/core/netdev_max_backlog sys/net/core/rmem_max sys/net/core/wmem_max
  sys/net/core/default_qdisc sys/net/ipv4/tcp_congestion_control sys/net/ipv4/tcp_rmem
  sys/net/ipv4/tcp_wmem sys/net/ipv4/tcp_max_syn_backlog'
once_sys="$minute_sys"' block/*/ro block/*/device/vendor block/*/device/queue_depth block/*/md/level
  block/*/queue/scheduler block/*/queue/nr_requests block/*/queue/read_ahead_kb
  block/*/queue/logical_block_size block/*/queue/write_cache
  class/net/*/ifindex class/net/*/mtu class/net/*/operstate class/net/*/tx_queue_len
  class/net/*/uevent class/dmi/id/sys_vendor class/dmi/id/product_name class/dmi/id/bios_vendor
  devices/system/cpu/online devices/system/cpu/smt/active devices/system/cpu/cpu0/cpufreq/*_*
  devices/system/cpu/cpu*/topology/core_id devices/system/cpu/cpu*/topology/physical_package_id
  devices/system/clocksource/clocksource0/*_clocksource
  hypervisor/type kernel/mm/transparent_hugepage/* fs/cgroup/cpu.max fs/cgroup/memory.max'
once_links="$minute_links"' block/*/device class/net/*/queues/* devices/system/node/node*'
once_etc='os-release timezone'
boot_words='^(mitigations|nosmt|isolcpus|nohz_full|intel_idle.max_cstate|processor.max_cstate|idle|transparent_hugepage|psi|mem|maxcpus|nr_cpus|numa|elevator|selinux|apparmor)(=|$)'

fail() {
  echo "recorder.sh: $1" >&2
  exit "${2:-1}"
}

# A number of seconds from 90, 90s, 5m or 8h.
seconds() {
  case $1 in
    *h) n=${1%h} k=3600 ;;
    *m) n=${1%m} k=60 ;;
    *) n=${1%s} k=1 ;;
  esac
  number "$n" "$2"
  n=$((n * k))
}

number() {
  case $1 in
    0* | *[!0-9]* | '' | ?????????*) fail "$2 needs a whole number from 1 on, not \"$1\"." 2 ;;
  esac
}

name() {
  case $1 in
    *[!A-Za-z0-9._:+-]* | '') fail "$2 takes letters, digits and . _ : + - only, not \"$1\"." 2 ;;
  esac
}

interval=1 length=0 cluster=local role=worker run='' host='' folder='' processes=0
max_mb=1024 free_mb=200
while [ $# -gt 0 ]; do
  case $1 in -h | --help) usage; exit 0 ;; esac
  [ $# -ge 2 ] || fail "$1 is no option, or needs a value; see --help." 2
  case $1 in
    -o) folder=$2 ;;
    -i) seconds "$2" -i; interval=$n ;;
    --for) seconds "$2" --for; length=$n ;;
    --cluster) name "$2" "$1"; cluster=$2 ;;
    --run) name "$2" "$1"; run=$2 ;;
    --role) name "$2" "$1"; role=$2 ;;
    --host) name "$2" "$1"; host=$2 ;;
    --processes) seconds "$2" --processes; processes=$n ;;
    --max-size) number "$2" "$1"; max_mb=$2 ;;
    --min-free) number "$2" "$1"; free_mb=$2 ;;
    *) fail "there is no option $1; see --help." 2 ;;
  esac
  shift 2
done

# For tests: another root, a folder with proc, sys and etc in it; and shorter files.
root=${PERFMON_ROOT:-}
file_length=$((${PERFMON_FILE_SECONDS:-60} * 100))
LC_ALL=C
export LC_ALL
umask 077
[ -n "$host" ] || read -r host <"$root/proc/sys/kernel/hostname" || host=localhost
name "$host" "the host's name"
stamp=$(date +%Y%m%d-%H%M%S)
: "${run:=$stamp}" "${folder:=perfmon-$host-$stamp}"
mkdir -p -- "$folder" && cd -- "$folder" || fail "$folder cannot be made; give another folder with -o."
for file in recording.json *.raw *.raw.gz *.plog; do
  [ ! -e "$file" ] || fail "$folder already holds a recording; give another folder with -o."
done
# The system's work comes first; the samples' stamps tell when they were really taken.
renice -n 5 -p $$ >/dev/null 2>&1

# ---- Clocks. The kernel's is taken from /proc/uptime, hundredths of a second since boot.
uptime() {
  read -r up _ </proc/uptime
  now=${up%.*}${up#*.}
  while [ "${now#0}" != "$now" ]; do now=${now#0}; done
}

# Seconds since 1970, with what comes after the point where `date` knows it.
wall() {
  wall=$(date +%s.%N)
  case $wall in
    *[!0-9.]* | *. | '') wall=$(date +%s) ;;
  esac
}

milliseconds() {
  case $wall in
    *.*) ms=${wall#*.}; ms=${wall%.*}${ms%"${ms#???}"} ;;
    *) ms=${wall}500 ;;
  esac
}

read -r id <"/proc/sys/kernel/random/uuid" || fail "/proc/sys/kernel/random/uuid cannot be read."
read -r boot_id <"/proc/sys/kernel/random/boot_id"
uptime
wall
milliseconds
start=$now
zone=$(date +%z)
# A line that begins with this word is ours, not the kernel's: nobody can have foreseen it.
mark=@${id%%-*}
head="perfmon raw 1
mark $mark
id $id
host $host
cluster $cluster
run $run
role $role
interval $((interval * 1000))
start $up $wall
ticks $(getconf CLK_TCK 2>/dev/null || echo 100)
page $(getconf PAGESIZE 2>/dev/null || echo 4096)
machine $(uname -m)"
started=$ms

manifest() {
  cat >recording.json.new <<END && mv recording.json.new recording.json
{
  "format": "linux-perfmon recording",
  "version": 1,
  "id": "$id",
  "host": "$host",
  "cluster": "$cluster",
  "run": "$run",
  "role": "$role",
  "intervalMs": $((interval * 1000)),
  "recorder": "@VERSION@ sh",
  "startedMs": $started,
  "timeZone": "UTC${zone%??}:${zone#???}",
  "process": { "bootId": "$boot_id", "pid": $$ }$1
}
END
}
manifest '' || fail "$folder cannot be written."

# ---- The writer: one awk for all samples. It is told what to do line by line:
# i: the inventory; n FILE: go on in this file; p PATH...: these processes; s: a sample.
program='
function copy(kind, path,   line, lines) {
  while ((getline line < (root path)) > 0) {
    if (!lines++) print mark, kind, path >> out
    print line >> out
  }
  close(root path)
  return lines
}
function each(base, names,   command, count, i, found) {
  count = split(names, found, " ")
  command = "ls -d"
  for (i = 1; i <= count; i++) command = command " " quote(root base "/") found[i]
  command = command " 2>/dev/null"
  while ((command | getline line) > 0) copy("+", substr(line, length(root) + 1))
  close(command)
}
function links(names,   command, count, i, found) {
  count = split(names, found, " ")
  command = "ls -ld"
  for (i = 1; i <= count; i++) command = command " " quote(root "/sys/") found[i]
  command = command " 2>/dev/null"
  while ((command | getline line) > 0) {
    i = index(line, root "/sys/")
    if (i) print mark, ">", substr(line, i + length(root)) >> out
  }
  close(command)
}
function quote(text) {
  gsub(/[^A-Za-z0-9\/._+-]/, "\\\\&", text)
  return text
}
function sample(   i, path, line, first, k) {
  for (i = 1; i <= files; i++) {
    path = "/proc/" file[i]
    first = 1
    while ((getline line < (root path)) > 0) {
      if (first) print mark, "=", path >> out
      first = 0
      # Of interrupts the sum; what follows is a number for each possible one.
      if (i == 2 && index(line, "intr ") == 1) line = substr(line, 1, 5 + index(substr(line, 6) " ", " "))
      if (line == before[++k]) print "" >> out
      else {
        before[k] = line
        print (line == "" ? " " : line) >> out
      }
    }
    close(root path)
  }
  print mark, ".", ++samples >> out
}
function processes(   i, path, line, part) {
  print mark, "processes" >> out
  for (i = 2; i <= NF; i++) {
    path = $i "/stat"
    line = ""
    while ((getline part < path) > 0) line = line == "" ? part : line "?" part
    close(path)
    if (line == "") continue
    if (line == known[$i]) print substr($i, length(root "/proc/") + 1) >> out
    else {
      known[$i] = line
      print line >> out
    }
  }
}
function finish(tail) {
  if (out == "") return
  close(out)
  system("{ nice -n 19 gzip -c " out " > " out ".new && mv " out ".new " out ".gz && rm " out "; } </dev/null 2>/dev/null" tail)
}
function words(path,   line, i, count, word, kept) {
  if ((getline line < (root path)) <= 0) return
  close(root path)
  count = split(line, word, " ")
  for (i = 1; i <= count; i++) if (word[i] ~ ENVIRON["boot_words"]) kept = kept " " word[i]
  print mark, "+", path >> out
  print kept >> out
}
BEGIN {
  files = split(ENVIRON["every"], file, " ")
  mark = ENVIRON["mark"]
  root = ENVIRON["root"]
}
$1 == "i" {
  out = "inventory.raw"
  each("/proc", ENVIRON["once"])
  each("/sys", ENVIRON["once_sys"])
  each("/etc", ENVIRON["once_etc"])
  links(ENVIRON["once_links"])
  words("/proc/cmdline")
  print mark, ".", 1 >> out
}
$1 == "n" {
  finish(" &")
  out = $2
  samples = 0
  split("", before)
  split("", known)
  each("/proc", ENVIRON["minute"])
  each("/sys", ENVIRON["minute_sys"])
  links(ENVIRON["minute_links"])
}
$1 == "p" { processes() }
$1 == "s" { sample(); close(out) }
END { finish("") }
'
export every minute minute_sys minute_links once once_sys once_links once_etc boot_words mark root
# mawk takes least memory; without the option it waits for a whole buffer.
awk=${AWK:-awk}
[ -n "${AWK:-}" ] || ! command -v mawk >/dev/null 2>&1 || awk=mawk
case $($awk -W version 2>&1 </dev/null) in mawk*) awk="$awk -W interactive" ;; esac

rm -f .orders
mkfifo .orders || fail "a pipe cannot be made in $folder; give another folder with -o."
# It ends when we do: with the pipe. A signal to all of us must not cut a sample.
(trap '' INT TERM HUP; exec $awk "$program") <.orders 2>/dev/null &
worker=$!
exec 3>.orders
rm .orders
stop=''
sleeper=''
trap 'stop=signal; [ -z "$sleeper" ] || kill $sleeper 2>/dev/null' INT TERM HUP
trap '' PIPE

# Begins the file of a minute, and stops when there is no room for it.
next_file() {
  minutes=$(((now - start) / file_length))
  due=$((start + (minutes + 1) * file_length))
  file=$(printf '%06d.%02d.raw' $((minutes / 60 + 1)) $((minutes % 60)))
  used=$(du -sk .)
  used=${used%%[!0-9]*}
  free=$(df -Pk . | { read -r _; read -r _ _ _ free _; echo "$free"; })
  case $used$free in *[!0-9]* | '') used=0 free=$((free_mb * 1024)) ;; esac
  [ "$used" -le $((max_mb * 1024)) ] || stop="the recording has reached $max_mb MB"
  [ "$free" -ge $((free_mb * 1024)) ] || stop="the disk has less than $free_mb MB left"
  [ -z "$stop" ] || return
  wall
  printf '%s\nwall %s %s\n' "$head" "$up" "$wall" >"$file" || stop="$folder cannot be written"
  processes_due=$now
  echo "n $file" >&3
} 2>/dev/null

printf '%s\nwall %s %s\n' "$head" "$up" "$wall" >inventory.raw
echo i >&3
due=$start
processes_due=$start
period=$((interval * 100))
sleep 0.01 2>/dev/null && fractions=yes || fractions=''
while [ -z "$stop" ]; do
  uptime
  [ "$now" -lt "$due" ] || next_file
  [ -z "$stop" ] || break
  if [ "$processes" != 0 ] && [ "$now" -ge "$processes_due" ]; then
    processes_due=$((now + processes * 100 - 50))
    echo p "$root"/proc/[0-9]*
  fi >&3
  echo s >&3 2>/dev/null || stop='awk has ended'
  [ "$length" = 0 ] || [ $((now - start + period / 2)) -lt $((length * 100)) ] || break
  # To the next place on a grid from the start on, so that nothing adds up.
  uptime
  rest=$((period - (now - start) % period))
  if [ -n "$fractions" ]; then
    tail=$((100 + rest % 100))
    rest=$((rest / 100)).${tail#1}
  else
    rest=$(((rest + 50) / 100))
    [ "$rest" != 0 ] || rest=1
  fi
  sleep "$rest" 3>&- &
  sleeper=$!
  # From here on a signal ends the sleep; one that came before must, too.
  [ -z "$stop" ] || kill $sleeper
  wait $sleeper 2>/dev/null && sleeper=''
done
exec 3>&-
# Shells tell of children that a signal ended.
wait 2>/dev/null
wall
milliseconds
manifest ",
  \"finishedMs\": $ms"
case $stop in
  '' | signal) ;;
  *) fail "stopped: $stop." ;;
esac
