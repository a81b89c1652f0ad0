/**
 * Objects of a recording whose readings are values already: numbers that another tool worked out and
 * printed. The raw values of a log are integers, so a value is kept as decimal digits and where the
 * point stands, which gives every printed number back exactly, and with it goes its weight.
 */
import { gaugeFields } from "./declaration.ts";
import type { RecordedCounter, RecordedObject } from "./recorded.ts";

/** Fields of each group of a cooked object: value = digits / 10^decimals; weight in thousandths. */
export const COOKED_FIELDS = gaugeFields(["digits", "decimals", "weight"]);

/**
 * One counter as an object of its own: each counter of an instance is then a unit, and so can be
 * missing from a sample without the others.
 */
export function cookedObject(
  object: string,
  { name, type, unit }: Pick<RecordedCounter, "name" | "type" | "unit">,
): RecordedObject {
  return {
    name: object,
    cooked: true,
    groups: [{ id: name, fields: COOKED_FIELDS }],
    counters: [{ name, type, unit, group: 0, value: [[0, 1]], scale: 1 }],
  };
}

/** So that the difference of two of them is exact as well: a log holds differences. */
const MAX_DIGITS = 2 ** 52;

/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Writes a value into the slots of its unit: exact up to 15 significant digits, to 15 digits beyond.
 *
 * @param value finite
 * @param weight more than 0, below 1e12; kept to three decimals, at least 0.001
 */
export function writeCooked(
  value: number,
  weight: number,
  values: Float64Array,
  slot: number,
): void {
  let digits = value;
  let decimals = 0;
  if (!Number.isInteger(value) || Math.abs(value) > MAX_DIGITS) {
    const shortest = decimalForm(String(value));
    [digits, decimals] =
      Math.abs(shortest[0]) <= MAX_DIGITS ? shortest : decimalForm(value.toPrecision(15));
  }
  values[slot] = digits;
  values[slot + 1] = decimals;
  values[slot + 2] = Math.max(1, Math.round(weight * 1000));
}

/** `-12.50` to [-125, 1], `8.57e-7` to [857, 9]. */
function decimalForm(text: string): [digits: number, decimals: number] {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(-?\d+)(?:\.(\d*?)0*)?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  return [Number(whole + fraction), fraction.length - Number(exponent)];
}

/** The inverse of `writeCooked`: the double that is nearest to the decimal number. */
export function cookedValue(digits: number, decimals: number): number {
  const power = POWERS[decimals];
  return power === undefined ? Number(`${digits}e${-decimals}`) : digits / power;
}
