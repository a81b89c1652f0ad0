# What runs on a node while perfmon is connected to it: answers requests, one a line, and ends with the
# connection. It needs a POSIX shell and the usual tools. Each answer ends with a line that begins with
# the word in $nonce, which nothing else prints.
LC_ALL=C
export LC_ALL
umask 077
host_base=${base:-/var/tmp/perfmon-$(id -un)}
case $host_base in '~/'*) host_base=$HOME/${host_base#'~/'} ;; esac
base=$host_base bin=$host_base/bin runs=$host_base/runs

ok() { printf '%s ok %s\n' "$nonce" "$*"; }
fail() { printf '%s fail %s\n' "$nonce" "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }
short_sleep() { sleep 0.1 2>/dev/null || sleep 1; }

# A folder that is ours alone: others may write beside it.
safe_base() {
  if [ -L "$base" ]; then echo "$base is a link"; return 1; fi
  mkdir -p "$base" 2>/dev/null && chmod 700 "$base" 2>/dev/null || {
    echo "$base cannot be made or written"
    return 1
  }
  [ -O "$base" ] || { echo "$base belongs to another user"; return 1; }
  : 2>/dev/null >"$base/.try.$host.$$" || { echo "$base cannot be written: read-only or full"; return 1; }
  rm -f "$base/.try.$host.$$"
}

# Sets value to a key's of a manifest: text or a number.
field() {
  value=$(sed -n 's/.*"'"$2"'": *"\{0,1\}\([^",}]*\).*/\1/p' "$1/recording.json" 2>/dev/null | head -n 1)
  value=${value% }
}

# Sets state of the recording in a folder: none, ended, rebooted, running, died.
state_of() {
  state=none pid=''
  [ -f "$1/recording.json" ] || return 0
  field "$1" finishedMs
  [ -z "$value" ] || { state=ended; return 0; }
  field "$1" bootId
  [ "$value" = "$(cat /proc/sys/kernel/random/boot_id)" ] || { state=rebooted; return 0; }
  state=died
  field "$1" startTicks
  ticks=$value
  field "$1" pid
  pid=$value
  read -r stat 2>/dev/null <"/proc/$pid/stat" || return 0
  set -- ${stat##*) }
  [ "$1" != Z ] || return 0
  shift 19
  [ "${ticks:-0}" -gt 0 ] && [ "$1" != "$ticks" ] || state=running
}

# The recordings of this host in the run: the folder, and one more for each time it was begun anew.
parts() {
  for part in "$runs/$cluster/$run/$host" "$runs/$cluster/$run/$host"~*; do
    [ ! -d "$part" ] || echo "$part"
  done
}

changed() { stat -c %Y "$1" 2>/dev/null || date -r "$1" +%s 2>/dev/null || echo 0; }

node_versions() {
  for program in ${node:+"$node"} "$(command -v node)" "$(command -v nodejs)" /usr/bin/node \
    /usr/local/bin/node /usr/local/node*/bin/node /opt/node*/bin/node /opt/*/node*/bin/node \
    "$HOME"/.nvm/versions/node/*/bin/node; do
    [ -n "$program" ] && [ -x "$program" ] || continue
    version=$("$program" --version 2>/dev/null </dev/null) && echo "node $version $program"
  done
}

look() {
  echo "kernel $(uname -sr)"
  echo "machine $(uname -m)"
  echo "user $(id -un) $(id -u)"
  [ ! -r /etc/os-release ] || echo "os $(. /etc/os-release && echo "$PRETTY_NAME")"
  node_versions | awk '!seen[$3]++'
  for tool in awk gzip mkfifo sed tail head wc cksum nice ionice setsid renice du df sha256sum; do
    has "$tool" || echo "missing $tool"
  done
  if reason=$(safe_base); then echo "base $base"; else echo "unusable $reason"; fi
  there=$base
  while [ ! -d "$there" ]; do there=${there%/*}; [ -n "$there" ] || there=/; done
  df -Pk "$there" 2>/dev/null | awk 'NR == 2 { print "free_kb", $4 }'
  awk '$2 == "/proc" { if (match($4, /hidepid=[^,]*/)) print "hidepid", substr($4, RSTART + 8, RLENGTH - 8) }' /proc/mounts
  [ ! -r /proc/1/io ] || ! cat /proc/1/io >/dev/null 2>&1 || echo "sees_all yes"
  for file in "$bin"/*; do [ ! -f "$file" ] || echo "has ${file##*/}"; done
  others
  rmdir "$base" 2>/dev/null || :
}

# Other runs that are being recorded on this host, with the same folder.
others() {
  for other in "$runs"/*/*; do
    [ -d "$other" ] && [ "$other" != "$runs/$cluster/$run" ] || continue
    for part in "$other"/*; do
      state_of "$part"
      [ "$state" != running ] || { echo "other ${other#"$runs"/}"; break; }
    done
  done
}

# Seconds since 1970, with all the digits that there are.
clock() {
  if [ -z "$fractions" ]; then
    case $(date +%s.%N) in *[!0-9.]* | *.) fractions=no ;; *) fractions=yes ;; esac
  fi
  # Straight to the other side: what comes between the reading and its arrival is an error.
  if [ $fractions = yes ]; then date +%s.%N; return; fi
  # `date` knows whole seconds: the uptime, in hundredths, tells when the next one begins.
  if [ -z "$second_at" ]; then
    first=$(date +%s)
    while second=$(date +%s); [ "$second" = "$first" ]; do :; done
    read -r up _ </proc/uptime
    second_at=${up%.*}${up#*.}
  fi
  read -r up _ </proc/uptime
  awk -v s="$second" -v at="$second_at" -v up="${up%.*}${up#*.}" 'BEGIN { printf "%.2f\n", s + (up - at) / 100 }'
}
second_at='' fractions=''

sum_of() {
  if has sha256sum; then set -- $(sha256sum) && echo "sha256:$1"; else set -- $(cksum) && echo "cksum:$1:$2"; fi
}

# The rest of the input is a file for bin.
put() {
  reason=$(safe_base) && mkdir -p "$bin" || { cat >/dev/null; fail "$reason"; return; }
  gzip -dc >"$bin/.$1.$host.$$" 2>/dev/null || { rm -f "$bin/.$1.$host.$$"; cat >/dev/null; fail "$bin cannot be written: is the disk full?"; return; }
  sum=$(sum_of <"$bin/.$1.$host.$$")
  case $2 in
    *"$sum"*) mv -f "$bin/.$1.$host.$$" "$bin/$1" && ok || fail "$bin/$1 cannot be written" ;;
    *) rm -f "$bin/.$1.$host.$$"; fail "the checksum of $1 is wrong after the copy" ;;
  esac
}

# Words: recorder (node or sh), its file, then its options. Prints the folder's name.
begin() {
  kind=$1 file=$2
  shift 2
  reason=$(safe_base) || { fail "$reason"; return; }
  count=1
  for part in $(parts); do
    state_of "$part"
    [ "$state" != running ] || { ok "already ${part##*/}"; return; }
    count=$((count + 1))
  done
  dir=$runs/$cluster/$run/$host
  [ ! -f "$dir/recording.json" ] || while [ -e "$dir" ]; do
    dir=$runs/$cluster/$run/$host~$count
    count=$((count + 1))
  done
  mkdir -p "$dir" || { fail "$dir cannot be made"; return; }
  low=''
  ! has nice || low='nice -n 5'
  ! has ionice || ! ionice -c 2 -n 7 true 2>/dev/null || low="$low ionice -c 2 -n 7"
  apart=nohup
  ! has setsid || apart=setsid
  case $kind in
    node) path=${node%/*}:$PATH ;;
    *) path=$PATH ;;
  esac
  (cd / && PATH=$path exec $apart $low sh "$bin/$file" -o "$dir" "$@" >>"$dir/recorder.log" 2>&1 </dev/null) &
  child=$! tries=0
  while [ ! -f "$dir/recording.json" ]; do
    tries=$((tries + 1))
    if ! kill -0 $child 2>/dev/null || [ $tries -gt 300 ]; then
      said=$(tail -n 3 "$dir/recorder.log" 2>/dev/null | tr '\n' ' ')
      rm -f "$dir/recorder.log"
      rmdir "$dir" "$runs/$cluster/$run" "$runs/$cluster" 2>/dev/null
      fail "the recorder did not start: ${said:-no answer}"
      return
    fi
    short_sleep
  done
  ok "started ${dir##*/}"
}

status() {
  seconds=$(date +%s)
  for part in $(parts); do
    state_of "$part"
    newest=0
    for file in "$part"/*.plog "$part"/*.raw; do
      [ -s "$file" ] || continue
      at=$(changed "$file")
      [ "$at" -le "$newest" ] || newest=$at
    done
    [ "$newest" = 0 ] && age=- || age=$((seconds - newest))
    set -- $(du -sk "$part" 2>/dev/null)
    kb=${1:-0}
    field "$part" startedMs
    started=${value:-0}
    field "$part" finishedMs
    finished=${value:--}
    field "$part" ended
    echo "part ${part##*/} $state $started $finished $kb $age ${value:--}"
    grep -E '^(perfmon|recorder\.sh): ' "$part/recorder.log" 2>/dev/null | tail -n 3 | sed 's/^[a-z.]*: /said /'
  done
  df -Pk "$base" 2>/dev/null | awk 'NR == 2 { print "free_kb", $4 }'
  others
}

halt() {
  for part in $(parts); do
    state_of "$part"
    [ "$state" != running ] || kill -TERM "$pid" 2>/dev/null || { fail "the recorder ($pid) may not be ended"; return; }
  done
  tries=0 left=yes
  while [ -n "$left" ] && [ $tries -lt 600 ]; do
    left=''
    for part in $(parts); do
      state_of "$part"
      [ "$state" != running ] || left=yes
    done
    [ -z "$left" ] || short_sleep
    tries=$((tries + 1))
  done
  status
  [ -z "$left" ] && ok || fail "the recorder still runs a minute after it was told to stop"
}

# Words: milliseconds since 1970, then the name.
mark() {
  at=$1 marked=0
  shift
  for part in $(parts); do
    state_of "$part"
    [ "$state" = running ] || continue
    printf '%s %s\n' "$at" "$*" 2>/dev/null >>"$part/marks.txt" || { fail "$part cannot be written"; return; }
    marked=$((marked + 1))
  done
  [ $marked -gt 0 ] && ok || fail 'nothing is being recorded'
}

# Prints what is not on the other side yet: $have says what is. All of it as one compressed stream.
send() {
  stage=$base/.send.$host.$$
  trap 'rm -f "$stage"' EXIT
  trap 'exit 1' HUP TERM INT PIPE
  printf '%s stream\n' "$nonce"
  send_files | nice -n 19 gzip -c
}

send_files() {
  for part in $(parts); do
    for file in "$part"/*; do
      name=${part##*/}/${file##*/}
      case $name in *.new | *'/*') continue ;; esac
      # A second name for it: the recorder may compress or delete it meanwhile.
      rm -f "$stage"
      ln "$file" "$stage" 2>/dev/null || cp "$file" "$stage" 2>/dev/null || continue
      size=$(($(wc -c <"$stage")))
      case $have in
        *"|$name $size|"*) case $name in */recording.json) there=0 ;; *) echo "same $name $size"; continue ;; esac ;;
        *"|$name "*) there=${have#*"|$name "}; there=${there%%|*}; [ "$there" -le "$size" ] || there=0 ;;
        *) there=0 ;;
      esac
      case ${name##*/} in recording.json | inventory.json) there=0 ;; esac
      echo "file $name $there $size"
      tail -c +$((there + 1)) "$stage" | head -c $((size - there))
      echo "sum $name $(head -c "$size" "$stage" | sum_of)"
    done
    state_of "$part"
    echo "state ${part##*/} $state"
  done
  rm -f "$stage"
  echo end
}

# Takes away what the run left here, and everything when it was the last one.
clean() {
  for part in $(parts); do
    state_of "$part"
    [ "$state" != running ] || { fail "${part##*/} is being recorded: stop first"; return; }
  done
  for part in $(parts); do rm -rf "${part:?}" || { fail "$part cannot be removed"; return; }; done
  rmdir "$runs/$cluster/$run" "$runs/$cluster" "$runs" 2>/dev/null
  if [ ! -d "$runs" ] && [ -d "$base" ]; then
    rm -rf "${bin:?}"
    rm -f "$base"/.send.* "$base"/.try.*
    rmdir "$base" 2>/dev/null || { fail "$base is not empty"; return; }
  fi
  ok
}

have='|'
printf '%s hello\n' "$nonce"
while IFS= read -r line; do
  set -f
  set -- $line
  set +f
  [ $# -gt 0 ] || continue
  word=$1
  shift
  case $word in
    t) clock; ok ;;
    look) look; ok ;;
    put) put "$@"; exit ;;
    begin) begin "$@" ;;
    status) status; ok ;;
    halt) halt ;;
    mark) mark "$@" ;;
    have) have="$have$1 $2|" ;;
    send) send; exit ;;
    clean) clean ;;
    *) fail "unknown request $word" ;;
  esac
done
