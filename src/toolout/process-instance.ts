/** The name of a process in tool text, so that its instance is called as our collector calls it. */

/** The kernel cuts a process's name (comm) there. */
const LONGEST_COMM = 15;
/** What top and pidstat draw in front of children and threads: `  \u00a0`- sshd`, `|__java`. */
const BRANCHES = /^[\s|`]*[`|][-_]+\s?/;

/**
 * `java:4242` for whatever the tool printed of it: `java`, `/usr/bin/java -Xmx1g`, `[kworker/0:1]`, `{startup} /bin/sh x`,
 * `` `- java``. Tools print names and command lines in the same column: what is no longer than a name can be is taken for one, of
 * anything longer the first word is, without its folder.
 *
 * @param isLine whether the tool prints command lines only
 */
export function processInstance(command: string, pid: string, isLine = false): string {
  return `${processName(command, isLine)}:${pid}`;
}

function processName(command: string, isLine: boolean): string {
  const text = command.replace(BRANCHES, "").trim();
  // Kernel threads, and (busybox) the name in front of a command line that differs from it.
  const enclosed = /^\[([^\]]{1,64})\]$|^\{([^}]{1,64})\}/.exec(text);
  if (enclosed) return enclosed[1] ?? enclosed[2]!;
  if (!isLine && text.length <= LONGEST_COMM && !text.startsWith("/")) return text;
  const program = text.slice(0, 4096).split(" ", 1)[0]!;
  const name = program.slice(program.lastIndexOf("/") + 1);
  return name.slice(0, LONGEST_COMM) || text.slice(0, LONGEST_COMM);
}
