#!/bin/sh
# Linux Perfmon recorder @VERSION@: records a host that has no Node, with sh, awk and gzip.
#
# Every second it copies the kernel's counters (files in /proc and /sys, the lists are below) to a file in
# its folder, and once a minute some more, and what devices and control groups there are. It changes
# nothing, sends nothing, and needs no root. Of processes, if at all, it reads /proc/PID/stat: no arguments,
# no environment. A line that is as it was in the sample before is written as an empty line.
# `perfmon load` and `perfmon compare` read the folder. docs/recorder.md describes the format.

usage() {
  cat <<'END'
Usage: sh recorder.sh [options]        until Ctrl-C, SIGTERM or SIGHUP

  -o DIR            folder to write, must not hold a recording (default: perfmon-HOST-TIME)
  -i SECONDS        time between samples, whole seconds or 5m, 1h (default: 1)
  --for TIME        stop after this time, such as 90, 5m or 8h
  --at SECONDS      take the first sample then, in seconds since 1970
  --cluster NAME    cluster this host belongs to (default: local)
  --run NAME        name of the run (default: the time it starts)
  --role ROLE       the host's role in the cluster (default: worker)
  --host NAME       name to record (default: the host's own)
  --processes TIME  processes too, this often, such as 10
  --max-size MB     stop when the recording is larger (default: 1024)
  --min-free MB     stop when the disk has less room than this (default: 200)
END
}

# ---- What is recorded. `folder:` goes before the names that follow, * stands for whatever is there.
# With every sample, the time first:
every='proc: uptime stat loadavg vmstat meminfo diskstats buddyinfo softirqs schedstat pressure/*
  net/dev net/snmp net/netstat net/snmp6 net/sockstat net/sockstat6 net/softnet_stat net/rpc/nfsd
  sys/class/infiniband/*/ports/*: counters/* hw_counters/*'
# Once a minute, and which links there are:
minute='proc: interrupts cpuinfo zoneinfo slabinfo swaps self/mounts net/rpc/nfs net/bonding/*
  net/stat/nf_conntrack net/stat/arp_cache net/stat/ndisc_cache
  proc/sys: fs/*-nr fs/*-state fs/aio-max-nr kernel/pty/nr kernel/pty/max kernel/pid_max kernel/threads-max
  kernel/random/entropy_avail kernel/task_delayacct kernel/hung_task_detect_count kernel/osrelease
  net/netfilter/nf_conntrack_count net/netfilter/nf_conntrack_max net/ipv[46]/neigh/default/gc_thresh3
  sys/block/*: dev size removable queue/rotational device/model device/io*_cnt dm/name */partition *_stat
  sys/block/nvme*: diag/* sys/class/nvme/*: state diag/* model transport
  sys/class/net/*: speed duplex type sys/class/infiniband/*/ports/*: link_layer rate state
  sys/kernel/mm: hugepages/*/*_hugepages *hugepage/enabled *hugepage/*/enabled *hugepage/*/stats/*
  sys/devices/system/cpu/cpu*: cpufreq/cpuinfo_max_freq thermal_throttle/*_throttle_* topology/*_id
  sys/devices/system/edac/mc/mc*: mc_name *_count */*_count */dimm_label
  sys/class: hwmon/*/name hwmon/*/*_[ilmca]* hwmon/*/device/name hwmon/*/device/*_[ilmca]*
  thermal/thermal_zone*/type thermal/thermal_zone*/temp
  sys/class/powercap/intel-rapl*: name *energy*_uj constraint_0_power_limit_uw sys/bus/pci/devices/*: aer_*'
minute_links='sys/block/*: slaves/* device sys/class/infiniband/*: device/driver
  sys/class/net/*: device device/driver master bridge bonding lower_* sys/bus/pci/devices/*: driver'
# Once a minute too, control groups: their folders (two levels of version 1, three of 2), and files.
groups='sys/fs: cgroup cgroup/* cgroup/*/* cgroup/*/*/*'
group_files='cgroup.controllers cpu.stat cpu.max cpu.weight cpu.pressure cpuacct.usage cpuacct.stat cpu.shares
  cpu.cfs_quota_us cpu.cfs_period_us memory.current memory.swap.current memory.usage_in_bytes memory.stat
  memory.max memory.high memory.limit_in_bytes memory.events memory.failcnt memory.oom_control
  memory.pressure io.stat io.pressure pids.current pids.max blkio.throttle.io_service_bytes
  blkio.throttle.io_serviced blkio.throttle.io_service_bytes_recursive blkio.throttle.io_serviced_recursive'
# At the start, for the inventory:
once='proc: cmdline self/cgroup self/mountinfo self/status self/limits 1/cgroup
  proc/sys/kernel: hostname version arch random/boot_id numa_balancing nmi_watchdog sched_*
  timer_migration split_lock_mitigate io_uring_disabled shmmax
  proc/sys/vm: [d-r]* [v-z]* swappiness stat_interval compaction_proactiveness
  proc/sys/net: core/* nf_conntrack_max ipv4/tcp_[!f]* ipv4/tcp_fin_timeout ipv4/ip_local_port_range
  ipv4/ip_forward proc/sys/fs: file-max nr_open pipe-max-size inotify/*
  sys/block/*: ro queue/* device/vendor device/*rev device/queue_depth device/transport md/level
  md/raid_disks md/degraded md/chunk_size comp_algorithm device/device/*_link_* device/device/numa_node
  sys/class/net/*: ifindex mtu operstate tx_queue_len uevent threaded queues/*/rps_cpus device/*_link_*
  device/numa_node bonding/mode bonding/slaves bonding/xmit_hash_policy bonding/lacp_rate
  sys/class/dmi/id: sys_vendor product_name bios_* chassis_asset_tag
  sys/devices/system: clocksource/clocksource0/*_clocksource node/node*/meminfo node/node*/cpulist
  node/node*/distance cpu/[!u]* cpu/smt/* cpu/vulnerabilities/* cpu/cpu0/cache/*/* cpu/cpu0/cpuidle/*/[dln]*
  cpu/cpuidle/* cpu/cpu0/cpufreq/* cpu/cpufreq/* cpu/cpufreq/policy*/* cpu/intel_pstate/no_turbo
  sys: kernel/mm/*hugepage/* kernel/mm/*hugepage/khugepaged/* kernel/mm/ksm/run kernel/mm/lru_gen/enabled
  kernel/mm/numa/* kernel/security/lsm hypervisor/type module/*/parameters/max_cstate
  module/zswap/parameters/* module/pcie_aspm/parameters/policy etc: os-release timezone
  run: chrony/chronyd.pid chronyd.pid ntpd.pid systemd/timesync/synchronized'
once_links='sys/block/*: mq/* sys/class/net/*: queues/* sys/devices/system/node: node* etc: localtime'
# Of the kernel's command line, which may hold secrets, these words:
boot_words='mitigations|nosmt|isolcpus|nohz_full|intel_idle.max_cstate|processor.max_cstate|idle|transparent_hugepage|psi
  |mem|maxcpus|nr_cpus|numa|elevator|selinux|apparmor|pti|nopti|nospectre_v[12]|spectre_v2|l1tf|mds|tsx|intel_pstate
  |amd_pstate|cpufreq.default_governor|hugepages|hugepagesz|default_hugepagesz|iommu|intel_iommu|amd_iommu|clocksource
  |tsc|preempt|rcu_nocbs|numa_balancing|scsi_mod.use_blk_mq|nvme_core.[a-z_]*|pcie_aspm|skew_tick|audit|cgroup_disable
  |systemd.unified_cgroup_hierarchy'

fail() {
  echo "recorder.sh: $1" >&2
  exit "${2:-1}"
}
number() {
  case $1 in 0* | *[!0-9]* | '' | ?????????*) fail "$2 needs a whole number from 1 on, not \"$1\"." 2 ;; esac
}
name() {
  case $1 in *[!A-Za-z0-9._:+-]* | '') fail "$2 takes letters, digits and . _ : + - only, not \"$1\"." 2 ;; esac
}
# Sets n from 90, 90s, 5m or 8h.
seconds() {
  case $1 in *h) k=3600 ;; *m) k=60 ;; *) k=1 ;; esac
  number "${1%[smh]}" "$2"
  n=$((${1%[smh]} * k))
}

interval=1 length=0 at='' cluster=local role=worker run='' host='' folder='' processes=0 max_mb=1024 free_mb=200
while [ $# -gt 0 ]; do
  case $1 in -h | --help) usage; exit 0 ;; esac
  [ $# -ge 2 ] || fail "$1 is no option, or needs a value; see --help." 2
  case $1 in
    -o) folder=$2 ;;
    -i) seconds "$2" -i; interval=$n ;;
    --for) seconds "$2" --for; length=$n ;;
    --at)
      case $2 in '' | *[!0-9.]* | *.*.* | .*) fail "--at needs seconds since 1970, not \"$2\"." 2 ;; *.*) at=${2}00 ;; *) at=$2.00 ;; esac ;;
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
export LC_ALL=C
umask 077
[ -n "$host" ] || read -r host <"$root/proc/sys/kernel/hostname" || host=localhost
name "$host" "the host's name"
stamp=$(date +%Y%m%d-%H%M%S)
: "${run:=$stamp}" "${folder:=perfmon-$host-$stamp}"
mkdir -p -- "$folder" && cd -- "$folder" || fail "$folder cannot be made; give another folder with -o."
for file in recording.json *.raw *.raw.gz *.plog; do
  [ ! -e "$file" ] || fail "$folder already holds a recording; give another folder with -o."
done
# What is long, only where it tells something: mounts of NFS, memory of several nodes, clocks of ARM CPUs.
[ ! -e "$root/proc/net/rpc/nfs" ] || every="$every proc: self/mountstats"
! ls "$root"/sys/devices/system/node/node[1-9]*/vmstat >/dev/null 2>&1 ||
  every="$every sys/devices/system/node: node*/vmstat"
grep -q MHz "$root/proc/cpuinfo" || minute="$minute sys/devices/system/cpu: cpu*/cpufreq/scaling_cur_freq"
# The system's work comes first; the samples' stamps tell when they were really taken.
renice -n 5 -p $$ >/dev/null 2>&1

# ---- Clocks: hundredths of a second since boot, and seconds since 1970 with what comes after the
# point where `date` knows it.
uptime() {
  read -r up _ </proc/uptime
  now=${up%.*}${up#*.}
  while [ "${now#0}" != "$now" ]; do now=${now#0}; done
}
wall() {
  wall=$(date +%s.%N)
  case $wall in *[!0-9.]* | *. | '') wall=$(date +%s) ;; esac
  case $wall in
    *.*) ms=${wall#*.}; ms=${wall%.*}${ms%"${ms#???}"} ;;
    *) ms=${wall}500 ;;
  esac
}

read -r id <"/proc/sys/kernel/random/uuid" || fail "/proc/sys/kernel/random/uuid cannot be read."
read -r boot_id <"/proc/sys/kernel/random/boot_id"
uptime; wall
start=$now grid=$now started=$ms zone=$(date +%z)
[ -z "$at" ] || { n=${at#*.}; grid=$((now + ${at%.*}${n%"${n#??}"} - ms / 10)); }
read -r stat </proc/$$/stat && set -- ${stat##*) } && shift 19 && ticks=$1
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

manifest() {
  cat >recording.json.new <<END && mv recording.json.new recording.json
{ "format": "linux-perfmon recording", "version": 1, "recorder": "@VERSION@ sh",
  "id": "$id", "host": "$host", "cluster": "$cluster", "run": "$run", "role": "$role",
  "intervalMs": $((interval * 1000)), "startedMs": $started, "timeZone": "UTC${zone%??}:${zone#???}",
  "process": { "bootId": "$boot_id", "pid": $$, "startTicks": ${ticks:-0} }$1 }
END
}
manifest '' || fail "$folder cannot be written."

# ---- The writer: one awk for all samples. It is told what to do line by line:
# i: the inventory; n FILE: go on in this file; p PATH...: these processes; s: a sample.
program='
# found[]: the lines that a command prints for the paths which a list stands for.
function find(command, list,   count, i, word, folder, line) {
  count = split(list, word, " ")
  for (i = 1; i <= count; i++) {
    if (word[i] ~ /:$/) folder = root "/" substr(word[i], 1, length(word[i]) - 1) "/"
    else command = command " " folder word[i]
  }
  command = command " 2>/dev/null"
  for (count = 0; (command | getline line) > 0;) found[++count] = line
  close(command)
  return count
}
function copy(path,   line, lines, rest, title) {
  title = mark " + " substr(path, length(root) + 1)
  while ((rest = (getline line < path)) > 0) {
    # Of mounts the root and those that tell where control groups are, of the command line some words.
    if (path ~ /self\/mounts$/ && line !~ / (\/|[^ ]+ cgroup2?) /) continue
    if (path ~ /proc\/cmdline$/) line = chosen(line)
    if (!lines++) print title >> out
    print line >> out
  }
  close(path)
  if (!lines && !rest) print title >> out
}
function chosen(line,   i, count, word, kept) {
  count = split(line, word, " ")
  for (i = 1; i <= count; i++) if (word[i] ~ boot_words) kept = kept " " word[i]
  return kept
}
function files(list,   i) {
  for (i = find(print_paths, list); i > 0; i--) copy(found[i])
}
function links(list,   i) {
  for (i = find("ls -ld", list); i > 0; i--)
    print mark, ">", substr(found[i], index(found[i], root "/") + length(root)) >> out
}
function groups(   i, k, count, name, names) {
  names = split(ENVIRON["group_files"], name, " ")
  count = find(print_paths, ENVIRON["groups"])
  for (i = 1; i <= count && i <= 1000; i++) for (k = 1; k <= names; k++) copy(found[i] "/" name[k])
}
function sample(   i, line, first, long, k) {
  for (i = 1; i <= often; i++) {
    first = 1
    long = file[i] ~ /\/(sched)?stat$/
    while ((getline line < file[i]) > 0) {
      if (first) print mark, "=", substr(file[i], length(root) + 1) >> out
      first = 0
      # Of interrupts the sum, without a number for each possible one; of the scheduler the CPUs.
      if (long && line ~ /^intr /) line = substr(line, 1, 5 + index(substr(line, 6) " ", " "))
      else if (long && line ~ /^domain/) continue
      if (++k <= lines && line == before[k]) print "" >> out
      else {
        # As text: compared as numbers, large ones that differ would be the same.
        before[k] = line ""
        print (line == "" ? " " : line) >> out
      }
    }
    close(file[i])
  }
  lines = k
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
    print (line == known[$i] ? substr($i, length(root "/proc/") + 1) : line) >> out
    known[$i] = line
  }
}
function finish(tail) {
  if (out == "") return
  close(out)
  system("{ nice -n 19 gzip -c " out " > " out ".new && mv " out ".new " out ".gz && rm " out "; } </dev/null 2>/dev/null" tail)
}
BEGIN {
  mark = ENVIRON["mark"]; root = ENVIRON["root"]
  boot_words = ENVIRON["boot_words"]
  gsub(/[ \n]/, "", boot_words)
  boot_words = "^(" boot_words ")(=|$)"
  print_paths = "printf \"%s\\n\""
}
$1 == "i" {
  out = "inventory.raw"
  files(ENVIRON["every"] " " ENVIRON["minute"] " " ENVIRON["once"])
  links(ENVIRON["minute_links"] " " ENVIRON["once_links"])
  print mark, ".", 1 >> out
}
$1 == "n" {
  finish(" &")
  out = $2
  samples = lines = 0
  split("", known)
  files(ENVIRON["minute"])
  links(ENVIRON["minute_links"])
  groups()
  for (i = often = find(print_paths, ENVIRON["every"]); i > 0; i--) file[i] = found[i]
}
$1 == "p" { processes() }
$1 == "s" { sample(); close(out) }
END { finish("") }
'
export every minute minute_links groups group_files once once_links boot_words mark root
# mawk takes least memory; without the option it waits for a whole buffer.
awk=${AWK:-awk}
[ -n "${AWK:-}" ] || ! command -v mawk >/dev/null 2>&1 || awk=mawk
case $($awk -W version 2>&1 </dev/null) in mawk*) awk="$awk -W interactive" ;; esac

rm -f .orders; mkfifo .orders || fail "a pipe cannot be made in $folder; give another folder with -o."
# It ends when we do: with the pipe. A signal to all of us must not cut a sample.
(trap '' INT TERM HUP; exec $awk "$program") <.orders 2>/dev/null &
exec 3>.orders
rm .orders
stop='' sleeper=''
trap 'stop=signal; [ -z "$sleeper" ] || kill $sleeper 2>/dev/null' INT TERM HUP
trap '' PIPE

# Begins the file of a minute, and stops when there is no room for it.
next_file() {
  minutes=$(((now - start) / file_length))
  due=$((start + (minutes + 1) * file_length))
  file=$(printf '%06d.%02d.raw' $((minutes / 60 + 1)) $((minutes % 60)))
  used=$(du -sk . | { read -r used _; echo "$used"; })
  free=$(df -Pk . | { read -r _; read -r _ _ _ free _; echo "$free"; })
  case $used$free in *[!0-9]* | '') used=0 free=$((free_mb * 1024)) ;; esac
  [ "$used" -le $((max_mb * 1024)) ] || stop="the recording has reached $max_mb MB"
  [ "$free" -ge $((free_mb * 1024)) ] || stop="the disk has less than $free_mb MB left"
  [ -z "$stop" ] || return
  wall
  printf '%s\nwall %s %s\n' "$head" "$up" "$wall" >"$file" || stop='its folder cannot be written'
  processes_due=$now
  echo "n $file" >&3
} 2>/dev/null

printf '%s\nwall %s %s\n' "$head" "$up" "$wall" >inventory.raw
echo i >&3
due=$start processes_due=$start period=$((interval * 100))
sleep 0.01 2>/dev/null && fractions=yes || fractions=''
# Sleeps some hundredths of a second, or until a signal.
pause() {
  tail=$((100 + $1 % 100)) rest=$((($1 + 50) / 100 + ($1 < 50)))
  [ -z "$fractions" ] || rest=$(($1 / 100)).${tail#1}
  sleep "$rest" 3>&- &
  sleeper=$!
  # From here on a signal ends the sleep; one that came before must, too.
  [ -z "$stop" ] || kill $sleeper
  wait $sleeper 2>/dev/null && sleeper=''
}
uptime
[ "$now" -ge "$grid" ] || pause $((grid - now))
while [ -z "$stop" ]; do
  uptime
  [ "$now" -lt "$due" ] || next_file
  [ -z "$stop" ] || break
  if [ "$processes" != 0 ] && [ "$now" -ge "$processes_due" ]; then
    processes_due=$((now + processes * 100 - 50))
    echo p "$root"/proc/[0-9]*
  fi >&3
  echo s >&3 2>/dev/null || stop='awk has ended'
  [ "$length" = 0 ] || [ $((now - grid + period / 2)) -lt $((length * 100)) ] || stop="it has lasted $length s"
  # To the next place on a grid, so that nothing adds up.
  uptime
  [ -n "$stop" ] || pause $((period - (now - grid) % period))
done
exec 3>&-
# Shells tell of children that a signal ended.
wait 2>/dev/null
wall
[ "$stop" = signal ] || ended=", \"ended\": \"$stop\""
manifest ", \"finishedMs\": $ms${ended:-}"
case $stop in signal | 'it '*) ;; *) fail "stopped: $stop." ;; esac
