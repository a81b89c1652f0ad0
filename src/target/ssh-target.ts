/** How a host is reached: by the system's own ssh, whose configuration, keys and known hosts hold. */

export interface SshTarget {
  /** As ssh takes it: a name of its configuration, a host name or an address. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** Arguments for ssh that the person gave: `-J edge`, `-F file`. */
  readonly options: readonly string[];
  /** Work there as root, through `sudo -n`. */
  readonly sudo: boolean;
  readonly connectTimeoutSeconds: number;
}

/**
 * The arguments of ssh. Nothing is weakened: an unknown host key is refused, because nobody can be
 * asked (BatchMode). Forwardings of the person's configuration would collide over many hosts.
 */
export function sshArguments(target: SshTarget, command: string): string[] {
  const { host, user, port, options, connectTimeoutSeconds } = target;
  return [
    "-T",
    "-a",
    "-x",
    "-oBatchMode=yes",
    `-oConnectTimeout=${connectTimeoutSeconds}`,
    "-oServerAliveInterval=10",
    "-oServerAliveCountMax=3",
    "-oClearAllForwardings=yes",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...options,
    "--",
    host,
    command,
  ];
}

/**
 * The command that runs a script of so many bytes, read from its standard input; what follows there is
 * the script's. It means the same to every shell that a user may have, csh and fish included.
 */
export function scriptCommand(scriptBytes: number, sudo: boolean): string {
  const shell = `sh -c 'eval "$(dd bs=1 count=${scriptBytes} 2>/dev/null)"'`;
  return sudo ? `exec sudo -n ${shell}` : `exec ${shell}`;
}
