/**
 * What never goes into an inventory: secrets, addresses, and ids that name one machine, volume or
 * account. Free text (command lines, options, configuration values) goes through here;
 * `docs/inventory.md` states the rule, `redact.test.ts` plants secrets.
 *
 * When in doubt it is left out: a value lost costs an explanation, a secret told cannot be taken back.
 */

export const REDACTED = "(redacted)";

/**
 * Names whose value is a secret: `javax.net.ssl.keyStorePassword`, `fs.s3a.secret.key`,
 * `fs.azure.account.key.x`, `ha.zookeeper.auth`, `rd.iscsi.password`. Not `iommu.passthrough`.
 */
const SECRET_NAME =
  /passw|passphrase|passcode|secret|credential|token|cookie|signature|jaas|(^|[-._])(pass|pwd|pw|sas|auth|pin)([-._]|$)|(api|access|account|private|shared|signing|encryption|master|storage|license)[-._]?key|(^|[-._])key$|[a-z](Key|Pwd|Pass)$/i;

/** @param name name of a setting, option or variable */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A setting's value as it may be shown. Switches (`dfs.block.access.token.enable`) are no secrets. */
export function redactSetting(name: string, value: string): string {
  if (isSecretName(name)) return /^(true|false|)$/i.test(value.trim()) ? value : REDACTED;
  // A version of four parts looks like an address.
  return /version$/i.test(name) && /^[\w.+-]*$/.test(value) ? value : redactText(value);
}

/**
 * Each is cut out of free text wherever it stands; the order counts. Lengths are bounded, so that
 * strange text takes no more time than other text.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // `https://user:password@host`, `iscsi:user:password@10.0.0.1`; a password may hold a slash.
  [/(\/\/)[^\s/@:]{0,100}:[^\s@]{0,200}@(?:[^\s/@,;]{0,100}@)?/g, `$1${REDACTED}@`],
  [/[\w.%+-]{1,100}:[^\s@/,;]{1,200}@(?=[\w[])/g, `${REDACTED}@`],
  // `password=x` inside of a value: options of a URL, an environment, a JVM's options.
  [
    /((?:passw(?:or)?d|passphrase|pwd|secret|token|credential|api_?key|access_?key|account_?key|signature|\bsig)[\w.-]{0,60}\s?=\s?)("[^"]*"|'[^']*'|[^\s&;,"']+)/gi,
    `$1${REDACTED}`,
  ],
  // `--password x`
  [
    /(-[\w-]{0,60}(?:passw(?:or)?d|secret|token|credential)[\w-]{0,60}\s)(?!-)\S+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(bearer|basic|digest)([ :]+)[\w+/=.:-]{4,}/gi, `$1$2${REDACTED}`],
  // Keys of cloud accounts, signed tokens, and what looks drawn by lot.
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, REDACTED],
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, REDACTED],
  [
    /(?<![\w+/])(?=[A-Z0-9+]*[a-z])(?=[a-z0-9+]*[A-Z])(?=[A-Za-z+]*\d)[A-Za-z0-9+]{32,}={0,2}/g,
    REDACTED,
  ],
  // Ids of machines, volumes and containers.
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "(id)"],
  [/\b(PART)?UUID=[\w-]+/gi, "$1UUID=(id)"],
  [/\b[0-9a-f]{32,}\b/gi, "(id)"],
  // Hardware addresses (before them, the kind of network: `01-`), then network addresses; an instance
  // of EC2 is named after its address.
  [/(?<![\w:])([0-9a-f]{2}[:-]){5,7}[0-9a-f]{2}(?![\w:])/gi, "(address)"],
  [/\bip-\d{1,3}(-\d{1,3}){3}\b/g, "(address)"],
  [/(?<![\w.])(?!0\.0\.0\.0|127\.)\d{1,3}(\.\d{1,3}){3}(?!\.?\w)/g, "(address)"],
  [
    /(?<![\w:])(?=[0-9a-f:]*[0-9a-f])(?=[0-9a-f:]*::|([0-9a-f]{1,4}:){7})[0-9a-f:]*:[0-9a-f:]*(?![\w:])/gi,
    "(address)",
  ],
];

/** Longer text is not looked at, and not told. */
const MAX_TEXT_LENGTH = 1 << 15;

/** Text without credentials, addresses and ids. */
export function redactText(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) return REDACTED;
  let result = text;
  for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
  return result;
}

/**
 * The kernel's command line: words `name=value`. What stands behind ` -- ` is meant for the first
 * process and not the kernel's, and is left out.
 */
export function redactCommandLine(line: string): string {
  const words = line.split(/(?:^|\s)--(?:\s|$)/)[0]!.split(/\s+/);
  return words
    .filter((word) => word !== "")
    .map((word) => {
      const equals = word.indexOf("=");
      if (equals < 0) return redactText(word);
      const name = word.slice(0, equals);
      return isSecretName(name) ? `${name}=${REDACTED}` : redactText(word);
    })
    .join(" ");
}
