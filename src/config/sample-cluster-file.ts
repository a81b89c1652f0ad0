/** What `perfmon cluster init` prints. */
export function sampleClusterFile(): string {
  return `# A cluster for perfmon. What begins with # is what holds when nothing is said.

name = "cloud"                        # of the cluster: runs are called cloud/RUN
# run = "tuesday"                     # label of the run (default: the time it starts)

# Hosts, as ssh knows them. Ranges keep their zeros; lists and ranges may be mixed.
hosts = ["worker[01-40].example.com"]
# hosts_file = "workers"              # one a line, # for remarks: Hadoop's etc/hadoop/workers
# hosts_command = "yarn node -list 2>/dev/null | awk '/RUNNING/ { sub(/:.*/, \\"\\", $1); print $1 }'"

# Roles: like is compared with like. Hosts that are named here need not be named above.
[roles]
master = ["master[1-2].example.com"]
# worker = [...]                      # all others

# How they are reached. Better: say it in ~/.ssh/config, which is respected.
# user = "hadoop"
# port = 22
# ssh_options = ["-J", "edge.example.com"]
# connect_timeout_seconds = 15
# connections = 64                    # at once, at most
# sudo = false                        # true: record as root, through sudo -n

# What is recorded, and how.
# recorder = "auto"                   # node where there is Node 12.22 or newer, else sh
# node = "/opt/node/bin/node"         # where it is, if not in the PATH or a usual place
# folder = "/var/tmp/perfmon-USER"    # on the hosts; a local disk with room
# interval = "1s"
# objects = ["Processor", "Memory"]   # counter objects (node; default: all)
# processes = "10s"                   # processes, too (sh; node always does)

# When a recorder stops by itself, whatever happens here.
# for = "24h"
# max_size = "1GB"
# min_free = "200MB"
`;
}
