/** Numbers as tools print them, in the format of whatever locale they ran under. */

/**
 * Between groups of digits: space, no-break space, narrow no-break space, apostrophe, typographic
 * apostrophe.
 */
const GROUPING = /[ \u00a0\u202f'\u2019]/g;
const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Powers of the base that a size suffix stands for. */
const SUFFIX_POWER: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 };

/**
 * `1234.5`, `1234,5`, `1.234,5`, `1,234.5`, `1 234,5`, `1'234.5`, `-0.3`. Of two kinds of
 * separators the last is the decimal one; one that occurs several times groups digits; a single one
 * is the decimal one, since no tool groups digits by itself.
 *
 * @param decimal the decimal separator, where it is known
 * @returns undefined for what is no finite number (`-`, `nan`, `sda`, nothing).
 */
export function parseNumber(text: string, decimal?: "." | ","): number | undefined {
  // What nearly every cell is.
  if (decimal !== "," && PLAIN.test(text)) return Number(text);
  if (text.length > 40) return undefined;
  const bare = text.replace(GROUPING, "");
  const separator = decimal ?? decimalSeparator(bare);
  const ungrouped = bare.split(separator === "," ? "." : ",").join("");
  const plain = separator === "," ? ungrouped.replace(",", ".") : ungrouped;
  return PLAIN.test(plain) ? Number(plain) : undefined;
}

/** `nan`, `-nan`, `inf`, `-`: what tools print where they divided by nothing, or have no value. */
export function isNotANumber(word: string): boolean {
  return /^(-?(nan|inf)|-)$/i.test(word);
}

function decimalSeparator(text: string): "." | "," {
  const dot = text.lastIndexOf(".");
  const comma = text.lastIndexOf(",");
  if (dot >= 0 && comma >= 0) return dot > comma ? "." : ",";
  if (comma >= 0) return text.indexOf(",") === comma ? "," : ".";
  return text.indexOf(".") === dot ? "." : ",";
}

/**
 * `512`, `1.5g`, `1,5Gi`, `24k`, `0B`, `3.2 MB`, `12.0K`.
 *
 * @param bare what a number without a suffix is multiplied by: 1024 where the tool then means KiB
 * @param base 1000 where suffixes are decimal (`free --si`); `Ki`, `Mi`, ... are always powers of
 *   1024
 * @returns bytes (or whatever `bare` counts in); undefined for what is no size.
 */
export function parseScaled(
  text: string,
  bare: number,
  base: 1000 | 1024 = 1024,
): number | undefined {
  const match = /^([^a-z]+?)\s*(?:([kmgtpe])(i)?)?(b)?$/i.exec(text.slice(0, 40));
  if (!match) return undefined;
  const number = parseNumber(match[1]!);
  if (number === undefined) return undefined;
  if (match[2]) return number * (match[3] ? 1024 : base) ** SUFFIX_POWER[match[2].toLowerCase()]!;
  return number * (match[4] ? 1 : bare);
}
