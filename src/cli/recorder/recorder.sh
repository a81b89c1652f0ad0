#!/bin/sh
# Linux Perfmon recorder @VERSION@: records a host that has no Node, with sh, head, awk and gzip.
#
# Every second it copies the kernel's counters (files in /proc and /sys, the lists are below) to a file in
# its folder, and once a minute some more, and what devices and control groups there are. It changes
# nothing, sends nothing, and needs no root. Of processes, if at all, it reads /proc/PID/stat: no arguments,
# no environment. `perfmon load` and `perfmon compare` read the folder. docs/recorder.md describes it.

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
minute='proc: interrupts cpuinfo zoneinfo slabinfo swaps net/rpc/nfs net/bonding/*
  net/stat/nf_conntrack net/stat/arp_cache net/stat/ndisc_cache
  proc/sys: fs/*-nr fs/*-state fs/aio-max-nr kernel/pty/nr kernel/pty/max kernel/pid_max kernel/threads-max
  kernel/random/entropy_avail kernel/task_delayacct kernel/hung_task_detect_count kernel/osrelease
  net/netfilter/nf_conntrack_count net/netfilter/nf_conntrack_max net/ipv[46]/neigh/default/gc_thresh3
  sys/block/*: dev size removable queue/rotational device/model device/io*_cnt dm/name */partition *_stat diag/*
  sys/class/net/*: speed duplex type sys/class/infiniband/*/ports/*: link_layer rate state
  sys/kernel/mm: hugepages/*/*_hugepages *hugepage/enabled *hugepage/*/enabled *hugepage/*/stats/*
  sys/devices/system/cpu/cpu*: cpufreq/cpuinfo_max_freq thermal_throttle/*_throttle_* topology/*_id
  sys/devices/system/edac/mc/mc*: mc_name *_count */*_count */dimm_label
  sys/class: hwmon/*/name hwmon/*/*_[ilmca]* hwmon/*/device/name hwmon/*/device/*_[ilmca]*
  thermal/thermal_zone*/type thermal/thermal_zone*/temp nvme/*/state nvme/*/diag/* nvme/*/model nvme/*/transport
  sys/class/powercap/intel-rapl*: name *energy*_uj constraint_0_power_limit_uw sys/bus/pci/devices/*: aer_*'
minute_links='sys/block/*: slaves/* device sys/class/infiniband/*: device/driver
  sys/class/net/*: device device/driver master bridge bonding lower_* sys/bus/pci/devices/*: driver'
# Once a minute too, control groups: their folders (two levels of version 1, three of 2), and files.
groups='sys/fs/cgroup/ sys/fs/cgroup/*/ sys/fs/cgroup/*/*/ sys/fs/cgroup/*/*/*/'
group_files='cgroup.controllers cpu.stat cpu.max cpu.weight cpu.pressure cpuacct.usage cpuacct.stat cpu.shares
  cpu.cfs_quota_us cpu.cfs_period_us memory.current memory.swap.current memory.usage_in_bytes memory.stat
  memory.max memory.high memory.limit_in_bytes memory.events memory.failcnt memory.oom_control
  memory.pressure io.stat io.pressure pids.current pids.max blkio.throttle.io_service_bytes
  blkio.throttle.io_serviced blkio.throttle.io_service_bytes_recursive blkio.throttle.io_serviced_recursive'
# At the start, for the inventory:
once='proc: self/cgroup self/mountinfo self/status self/limits 1/cgroup
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
name() {
  case $1 in *[!A-Za-z0-9._:+-]* | '') fail "$2 takes letters, digits and . _ : + - only, not \"$1\"." 2 ;; esac
}
number() {
  case $1 in 0* | *[!0-9]* | '' | ?????????*) fail "$2 needs a whole number from 1 on, not \"$1\"." 2 ;; esac
}
# Sets n from 90, 90s, 5m or 8h.
seconds() {
  case $1 in *h) n=3600 ;; *m) n=60 ;; *) n=1 ;; esac
  number "${1%[smh]}" "$2"
  n=$((n * ${1%[smh]}))
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
      case $2 in '' | *[!0-9.]* | *.*.* | .*) fail "--at needs seconds since 1970, not \"$2\"." 2 ;; esac
      case $2 in *.*) at=${2}00 ;; *) at=$2.00 ;; esac ;;
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

# ---- The folder. Paths that are recorded are relative to /. Tests set another root, and other limits.
root=${PERFMON_ROOT:-}
file_length=$((${PERFMON_FILE_SECONDS:-60} * 100)) long_bytes=${PERFMON_LONG_BYTES:-24000}
export LC_ALL=C
umask 077
[ -n "$host" ] || { read -r host <"$root/proc/sys/kernel/hostname"; } 2>/dev/null || host=localhost
name "$host" "the host's name"
stamp=$(date +%Y%m%d-%H%M%S)
: "${run:=$stamp}" "${folder:=perfmon-$host-$stamp}"
{ mkdir -p -- "$folder" && folder=$(cd -- "$folder" && pwd) && cd "$root/"; } ||
  fail "$folder cannot be made; give another folder with -o."
for file in "$folder"/recording.json "$folder"/*.raw "$folder"/*.raw.gz "$folder"/*.plog; do
  [ ! -e "$file" ] || fail "$folder already holds a recording; give another folder with -o."
done
# The system's work comes first; the samples' stamps tell when they were really taken.
renice -n 5 -p $$ >/dev/null 2>&1
# What is long, only where it tells something: mounts of NFS, memory of several nodes, clocks of ARM CPUs.
[ ! -e proc/net/rpc/nfs ] || every="$every proc: self/mountstats"
! ls sys/devices/system/node/node[1-9]*/vmstat >/dev/null 2>&1 ||
  every="$every sys/devices/system/node: node*/vmstat"
grep -q MHz proc/cpuinfo || minute="$minute sys/devices/system/cpu: cpu*/cpufreq/scaling_cur_freq"

# ---- Clocks: hundredths of a second since boot; seconds since 1970, with what comes after the point
# where `date` knows it.
uptime() {
  read -r up _ </proc/uptime
  now=$((${up%.*} * 100 + 1${up#*.} - 100))
}
wall() {
  wall=$(date +%s.%N)
  case $wall in *[!0-9.]* | *.) wall=$(date +%s) ;; esac
  case $wall in *.*) ms=${wall#*.}; ms=${wall%.*}${ms%"${ms#???}"} ;; *) ms=${wall}500 ;; esac
}

# ---- What is written beside the kernel's text.
read -r id <"/proc/sys/kernel/random/uuid" || fail "/proc/sys/kernel/random/uuid cannot be read."
read -r boot_id <"/proc/sys/kernel/random/boot_id"
uptime
wall
start=$now grid=$now started=$ms zone=$(date +%z)
[ -z "$at" ] || { n=${at#*.}; grid=$((now + ${at%.*}${n%"${n#??}"} - ms / 10)); }
# When this process was started: its number may be another's later.
read -r stat </proc/$$/stat && set -- ${stat##*) } && shift 19 && ticks=$1
# Lines of our own begin with a word that nobody can have foreseen.
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
  cat >"$folder/recording.json.new" <<END && mv "$folder/recording.json.new" "$folder/recording.json"
{ "format": "linux-perfmon recording", "version": 1, "recorder": "@VERSION@ sh",
  "id": "$id", "host": "$host", "cluster": "$cluster", "run": "$run", "role": "$role",
  "intervalMs": $((interval * 1000)), "startedMs": $started, "timeZone": "UTC${zone%??}:${zone#???}",
  "process": { "bootId": "$boot_id", "pid": $$, "startTicks": ${ticks:-0} }$1 }
END
} 2>/dev/null
# What came before it may not have ended its line.
part() {
  printf '\n%s %s\n' "$mark" "$1"
}

# ---- Copying. `head` says which file is which, if it is given two at least.
expand() {
  paths='' under=''
  set -f
  for word in $1; do
    case $word in *:) under=${word%:}/ ;; *) paths="$paths $under$word" ;; esac
  done
  set +f
}
copy() {
  head -n 9999999 "$@" /dev/null
  # A sample is no sample if a signal cut it.
  [ $? -le 128 ] || cut=yes
}
copy_list() {
  expand "$1"
  copy $paths
}
# Of mounts the root and those that tell where control groups are; of links where they point to.
minute_files() {
  part minute
  copy_list "$minute"
  printf '\n==> proc/self/mounts <==\n'
  grep -E ' (/|[^ ]+ cgroup2?) ' proc/self/mounts
  part links
  expand "$1"
  ls -ld $paths
}
control_groups() {
  count=0 paths=''
  for group in $groups; do
    for name in $group_files; do paths="$paths $group$name"; done
    count=$((count + 1))
    # Not all in one command, which would be too long for some hosts.
    [ $((count % 25)) != 0 ] || copy_groups
    [ $count -lt 1000 ] || break
  done
  copy_groups
}
copy_groups() {
  part minute
  copy $paths
  paths=''
}
inventory() {
  echo "$head"
  echo "wall $up $wall"
  part sample
  part minute
  copy_list "$every"
  part minute
  copy_list "$once"
  printf '\n==> proc/cmdline <==\n'
  tr ' ' '\n' <proc/cmdline | grep -E "^($(echo "$boot_words" | tr -d ' \n'))(=|\$)"
  minute_files "$minute_links $once_links"
  part end
}
sample() {
  cut='' samples=$((samples + 1))
  part sample
  copy $files
  if [ "$processes" != 0 ] && [ "$now" -ge "$processes_due" ]; then
    processes_due=$((now + processes * 100 - 50))
    part processes
    copy proc/[0-9]*/stat
  fi
  if [ -n "$is_first" ]; then
    minute_files "$minute_links"
    control_groups
    is_first=''
  fi
  [ -n "$cut" ] || part end
}

# ---- Files of a minute each, which are compressed when they are full.
awk=${AWK:-$(command -v mawk || command -v awk)}
pack() { # FILE SAMPLES
  text=$1 size=$(wc -c <"$1")
  # gzip looks back 32 kB: of samples that are longer, what repeats itself is left out before.
  [ "$size" -lt $((($2 + 8) * long_bytes)) ] || { text=$1.new && shorten "$1" >"$text"; } &&
    gzip -c <"$text" >"$1.gz.new" && mv "$1.gz.new" "$1.gz" && rm "$1"
  rm -f "$1.new" "$1.gz.new"
} 2>/dev/null
# A line that is as it was in the sample before becomes an empty line. Of interrupts the sum stays, of
# the scheduler the CPUs. A name that `head` gives has 16 letters at least, one of a process 15 at most.
shorten() {
  $awk -v mark="$mark" -v size="$size" '
    NR == 1 { print $0, "packed", size + 0; next }
    $1 == mark || /^==> ........+ <==$/ { place = $0; n = 0; print; next }
    /^intr / { $0 = $1 " " $2 }
    /^domain/ && place ~ /schedstat/ { next }
    # As text: large numbers that differ may be equal as numbers.
    last[place, ++n] == $0 "" { print ""; next }
    { last[place, n] = $0 ""; print ($0 == "" ? " " : $0) }
  ' "$1"
}
# Begins the file of a minute, and stops when there is no room for it.
next_file() {
  wall
  full=$file full_samples=$samples
  minutes=$(((now - start) / file_length))
  due=$((start + (minutes + 1) * file_length))
  file=$folder/$(printf '%06d.%02d.raw' $((minutes / 60 + 1)) $((minutes % 60)))
  used=$(du -sk "$folder")
  [ "${used%%[!0-9]*}" -gt $((max_mb * 1024)) ] && stop="the recording has reached $max_mb MB"
  set -- $(df -Pk "$folder")
  [ "${11}" -lt $((free_mb * 1024)) ] && stop="the disk has less than $free_mb MB left"
  printf '%s\nwall %s %s\n' "$head" "$up" "$wall" >"$file" || stop='its folder cannot be written'
  expand "$every"
  files='' samples=0
  for path in $paths; do read -r _ <"$path" && files="$files $path"; done
  is_first=yes
} 2>/dev/null

# ---- Sleeping: without a process where `read` knows a time limit, as in bash and busybox. A signal ends it.
timed='' sleeper='' stop='' file='' full='' samples=0
mkfifo "$folder/.wake" || fail "a pipe cannot be made in $folder; give another folder with -o."
exec 3<>"$folder/.wake"
rm "$folder/.wake"
uptime
before=$now
read -r -t 0.1 _ <&3 2>/dev/null
uptime
[ $((now - before)) -lt 8 ] || timed=yes
sleep 0.01 && fractions=yes || fractions=$timed
trap '{ stop=signal; echo >&3; kill $sleeper; } 2>/dev/null' INT TERM HUP
nap() { # HUNDREDTHS
  tail=$((100 + $1 % 100)) rest=$((($1 + 50) / 100 + ($1 < 50)))
  [ -z "$fractions" ] || rest=$(($1 / 100)).${tail#1}
  if [ -n "$timed" ]; then
    read -r -t "$rest" _ <&3
  else
    sleep "$rest" &
    sleeper=$!
    # The signal may have come before there was a sleeper.
    [ -z "$stop" ] || kill $sleeper
    wait $sleeper
    sleeper=''
  fi
} 2>/dev/null

manifest '' || fail "$folder cannot be written."
inventory >"$folder/inventory.raw" 2>/dev/null
pack "$folder/inventory.raw" 1
due=$start processes_due=$start period=$((interval * 100))
# Until that many hundredths since boot. A process that is being started may miss the signal that should
# end it: two seconds at once.
wait_until() {
  uptime
  while [ -z "$stop" ] && [ $(($1 - now)) -ge $least ]; do
    rest=$(($1 - now))
    [ -n "$timed" ] || [ $rest -le 250 ] || rest=200
    nap $rest
    uptime
  done
}
[ -n "$fractions" ] && least=1 || least=50
wait_until "$grid"
while [ -z "$stop" ]; do
  uptime
  [ "$now" -lt "$due" ] || next_file
  [ -z "$stop" ] || break
  sample 2>/dev/null >>"$file" || stop='its folder cannot be written'
  [ -z "$full" ] || pack "$full" $full_samples
  full=''
  [ "$length" = 0 ] || [ $((now - grid + period / 2)) -lt $((length * 100)) ] || stop="it has lasted $length s"
  # To the next place on a grid, so that nothing adds up.
  uptime
  wait_until $((now + period - (now - grid) % period))
done
for file in "$folder"/*.raw; do pack "$file" $samples; done
wall
[ "$stop" = signal ] || ended=", \"ended\": \"$stop\""
manifest ", \"finishedMs\": $ms${ended:-}"
case $stop in signal | 'it '*) ;; *) fail "stopped: $stop: $folder." ;; esac
