/** Reads the repeats of the baseline and learns from them what is noise. */
import { comparedPatterns, counterMeans } from "./differences.ts";
import { measureSide, overHosts, sideFacts } from "./facts.ts";
import { MEASURE_IDS, type PsiUse } from "./measures.ts";
import { learnNoise, type Noise, type RunNumbers } from "./noise.ts";
import type { ComparisonOptions, RunOfSource } from "./options.ts";
import { loadSide, workSelector, type Side } from "./side.ts";
import type { SignalId } from "./signals.ts";
import type { Thresholds } from "./thresholds.ts";
import { measureWork, type Work } from "./work.ts";

interface Baseline {
  readonly side: Side;
  readonly psi: PsiUse;
  readonly bucketMs: number;
  readonly signals: readonly SignalId[];
}

/** Each repeat is measured as the baseline is, in buckets of the same width. */
export async function noiseOfRepeats(
  repeats: readonly RunOfSource[],
  { side, psi, bucketMs, signals }: Baseline,
  work: Work,
  options: ComparisonOptions,
  limits: Thresholds,
): Promise<Noise> {
  const baseline = measureSide(side, psi, limits);
  const numbersOf = async (one: Side, repeat: boolean): Promise<RunNumbers> => {
    const measured = repeat ? measureSide(one, psi, limits) : baseline;
    const own = repeat ? measureWork(baseline, measured, options, limits) : work;
    const { seconds, range } = repeat ? own.candidate : work.baseline;
    const weights = one.hosts.map(() => 1 / one.hosts.length);
    const facts = sideFacts(measured, range, weights);
    const means = await one.source.means(workSelector(one, range), comparedPatterns());
    const named = new Map(one.hosts.map(({ name }, i) => [name, weights[i]!]));
    return {
      seconds: own.source === "recording" ? NaN : seconds,
      means: new Map([
        ...MEASURE_IDS.map((id): [string, number] => [id, overHosts(facts, id)]),
        ...counterMeans(means, named),
      ]),
    };
  };
  const numbers = [await numbersOf(side, false)];
  for (const { source, run } of repeats) {
    const described = await source.describeRun(run);
    const hosts = described.hosts.filter(({ samples }) => samples > 0);
    if (hosts.length === 0) continue;
    const repeat = await loadSide(source, run, { ...described, hosts }, bucketMs, signals);
    numbers.push(await numbersOf(repeat, true));
  }
  return learnNoise(numbers);
}
