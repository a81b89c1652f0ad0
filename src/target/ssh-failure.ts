/** What ssh's own words mean, and what can be done about it. */

/** A host could not be asked, or did not answer as it should. */
export class HostError extends Error {
  /** One word for scripts. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "HostError";
    this.code = code;
  }
}

const CAUSES: readonly (readonly [code: string, pattern: RegExp, message: string])[] = [
  [
    "wrong-host-key",
    /REMOTE HOST IDENTIFICATION HAS CHANGED|host key .* has changed/i,
    "its host key is not the one that is known: it may be another machine; see ssh-keygen -R",
  ],
  [
    "unknown-host-key",
    /Host key verification failed|No .* host key is known/i,
    "its host key is not known yet: connect once with ssh and check it, or add it to known_hosts",
  ],
  [
    "unknown-host",
    /Could not resolve hostname|Name or service not known|nodename nor servname/i,
    "there is no host of this name",
  ],
  [
    "permission-denied",
    /Permission denied|Too many authentication failures|no more authentication methods/i,
    "ssh was refused (permission denied): check the user, the key, the agent or the Kerberos ticket",
  ],
  [
    "connection-refused",
    /Connection refused/i,
    "nothing listens on its ssh port (connection refused)",
  ],
  [
    "unreachable",
    /No route to host|Network is unreachable|Host is unreachable/i,
    "it cannot be reached: it is down, or there is no route",
  ],
  [
    "timeout",
    /timed out|Timeout, server .* not responding/i,
    "it does not answer (timeout): it is down, or a firewall drops packets",
  ],
  [
    "connection-lost",
    /Connection (closed|reset)|Broken pipe|kex_exchange_identification|client_loop/i,
    "the connection was closed from the other side",
  ],
  [
    "sudo",
    /sudo: .*(password|tty)|a password is required/i,
    "sudo asks for a password there: allow `sudo -n`, or leave out sudo = true",
  ],
  [
    "no-sudo",
    /sudo: (command )?not found|sudo: .*not in the sudoers/i,
    "sudo may not be used there",
  ],
];

export function sshFailure(stderr: string, exitCode: number | null): HostError {
  for (const [code, pattern, message] of CAUSES) {
    if (pattern.test(stderr)) return new HostError(code, message);
  }
  const lines = stderr.trim().split("\n");
  const said = lines[lines.length - 1]?.slice(0, 200) ?? "";
  return new HostError(
    "ssh-failed",
    `ssh ended with exit code ${exitCode ?? "none"}${said === "" ? " and said nothing" : `: ${said}`}`,
  );
}
