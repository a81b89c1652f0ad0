/**
 * How long blocks of time must be for resampling: by how long values of a column resemble each other
 * (Politis and White, "Automatic Block-Length Selection for the Dependent Bootstrap", Econometric
 * Reviews 23, 2004, with the correction of Patton, Politis and White, 2009; circular blocks).
 */

/** @returns 1 to n/3 */
export function blockLength(values: readonly number[]): number {
  const n = values.length;
  if (n < 8) return 1;
  const most = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  const lags = Math.min(n - 1, 2 * Math.ceil(Math.sqrt(n)) + 10);
  const covariance = autocovariance(values, lags);
  const variance = covariance[0]!;
  if (!(variance > 0)) return 1;
  const cut = cutLag(covariance, n, lags);
  const window = Math.min(2 * cut, lags);
  let sum = variance;
  let weighted = 0;
  for (let k = 1; k <= window; k++) {
    // Flat to the half, then straight down to 0.
    const taper = Math.min(1, 2 * (1 - k / (window + 1)));
    sum += 2 * taper * covariance[k]!;
    weighted += 2 * taper * k * covariance[k]!;
  }
  if (!(sum > 0)) return most;
  const length = (1.5 * (weighted / sum) ** 2 * n) ** (1 / 3);
  return Math.max(1, Math.min(most, Math.round(length)));
}

/** The first lag after which correlations stay within what chance gives. */
function cutLag(covariance: Float64Array, n: number, lags: number): number {
  const run = Math.max(5, Math.ceil(Math.sqrt(Math.log10(n))));
  const chance = 2 * Math.sqrt(Math.log10(n) / n) * covariance[0]!;
  let last = 0;
  for (let k = 1; k <= lags; k++) {
    if (Math.abs(covariance[k]!) >= chance) last = k;
    else if (k - last >= run) return Math.max(1, last);
  }
  return Math.max(1, last);
}

function autocovariance(values: readonly number[], lags: number): Float64Array {
  const n = values.length;
  const center = values.reduce((sum, value) => sum + value, 0) / n;
  return Float64Array.from({ length: lags + 1 }, (_, k) => {
    let sum = 0;
    for (let i = k; i < n; i++) sum += (values[i]! - center) * (values[i - k]! - center);
    return sum / n;
  });
}
