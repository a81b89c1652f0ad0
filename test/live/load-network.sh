# Traffic between this host and a network namespace that stands for another one: fragments, multicast, neighbors
# that do not answer, packets that this host passes on, or cannot. Arguments: seconds at most, the path of Node;
# ended earlier by SIGTERM. Leaves nothing behind.
seconds=$1 node=$2
ns=perfmon-load-$$
link=pfl$$
here=$(dirname "$0")

cleanup() {
  trap '' TERM INT HUP
  [ -z "$children" ] || kill -9 $children
  wait
  ip link del "${link}a"
  ip netns del "$ns"
  ip route del unreachable 10.213.78.0/24
}
children=''
trap cleanup EXIT
trap 'exit 1' TERM INT HUP

ip netns add "$ns"
ip link add "${link}a" type veth peer name "${link}b" netns "$ns"
ip addr add 10.213.77.1/29 dev "${link}a"
ip link set "${link}a" up
ip -n "$ns" addr add 10.213.77.2/29 dev "${link}b"
ip -n "$ns" link set lo up
ip -n "$ns" link set "${link}b" up
# What the other one sends to other networks comes here, and goes back to it or nowhere.
ip -n "$ns" route add default via 10.213.77.1
ip route add unreachable 10.213.78.0/24
ip route add 10.213.79.0/24 via 10.213.77.2
echo 1 >"/proc/sys/net/ipv4/conf/${link}a/forwarding"

# Before the other load, or it would not get far.
nice -n -10 "$node" "$here/traffic.mjs" 10.213.77.1 10.213.77.2 &
children="$children $!"
nice -n -10 ip netns exec "$ns" "$node" "$here/traffic.mjs" 10.213.77.2 10.213.77.1 &
children="$children $!"
# In the background, or a signal would have to wait for it.
sleep "$seconds" &
children="$children $!"
wait $!
