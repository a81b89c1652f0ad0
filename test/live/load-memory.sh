# Load that takes root: swapping to a compressed disk in memory, a pool of huge pages, pages that nobody may
# evict, compaction, pseudoterminals. Argument: seconds at most; ended earlier by SIGTERM. Takes only devices
# that it made itself, and leaves none behind.
seconds=$1
here=perfmon-load-memory-$$
pages=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
zram='' pool=''

cleanup() {
  trap '' TERM INT HUP
  kill -9 $children $(cat "$group/cgroup.procs")
  wait
  # Not at once where what was swapped is just being freed.
  for attempt in 1 2 3 4 5; do
    [ -n "$zram" ] && ! swapoff "/dev/zram$zram" || break
    sleep 0.5
  done
  [ -z "$zram" ] || echo "$zram" >/sys/class/zram-control/hot_remove
  [ -z "$pool" ] || echo "$pool" >"$pages"
  rmdir "$group"
}
children=''
trap cleanup EXIT
trap 'exit 1' TERM INT HUP

# A group that may have less memory than its process touches again and again: the rest is swapped.
if [ -r /sys/class/zram-control/hot_add ]; then
  zram=$(cat /sys/class/zram-control/hot_add)
  echo 128M >"/sys/block/zram$zram/disksize"
  mkswap "/dev/zram$zram" && swapon -p 100 "/dev/zram$zram"
fi
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  group=/sys/fs/cgroup/$here limit=memory.max
else
  group=/sys/fs/cgroup/memory/$here limit=memory.limit_in_bytes
fi
mkdir "$group" && echo 24M >"$group/$limit"
sh -c "echo \$\$ >$group/cgroup.procs; while :; do perl -e '
  open my \$random, \"<\", \"/dev/urandom\";
  my @parts;
  for (my \$i = 0; ; \$i = (\$i + 1) % 15) {
    read \$random, \$parts[\$i], \$i % 3 == 0 ? 4_000_000 : 1_000_000;
    \$parts[\$i] .= \"text that can be compressed \" x 100_000 . \"\0\" x 500_000 . \"x\" x 1_000_000;
  }'; done" &
children="$children $!"

while :; do
  script -qec 'sleep 1' /dev/null
  sleep 0.7
done &
children="$children $!"

# It opens files and closes them.
sh -c 'while :; do
  exec 7</dev/null 8</dev/null 9</dev/null
  sleep 1
  exec 7<&- 8<&- 9<&-
  sleep 1
done' &
children="$children $!"

end=$(($(date +%s) + seconds))
[ ! -w "$pages" ] || pool=$(cat "$pages")
while [ "$(date +%s)" -lt "$end" ]; do
  [ -z "$pool" ] || echo $((pool + 4)) >"$pages"
  echo 1 >/proc/sys/vm/compact_memory
  unshare -m sh -c 'mount -t ramfs none /mnt && dd if=/dev/zero of=/mnt/kept bs=64k count=200; sleep 1'
  [ -z "$pool" ] || echo "$pool" >"$pages"
done
