/** Stretches of the work that both runs have, and what explains the difference of each. */
import { secondsText } from "../../analysis/number-text.ts";
import { RESOURCE_LABELS, STATES, type StateName } from "../../analysis/resources.ts";
import type { Phase } from "../../analysis/comparison.ts";
import type { Content } from "../html/markup.ts";
import { table } from "../html/parts.ts";
import { signedSeconds } from "../numbers.ts";

/** Smaller differences show as 0.0. */
const LEAST_SECONDS = 0.05;

export function phaseSection(phases: readonly Phase[]): Content {
  const shown = STATES.filter((state) =>
    phases.some(({ extraSeconds }) => Math.abs(extraSeconds[state]) >= LEAST_SECONDS),
  );
  const number = (title: string) => ({ title, number: true }) as const;
  return table({
    label: "Phases",
    caption: phases.every(({ source }) => source === "marks")
      ? "Stretches between marks that both runs have. Extra seconds are candidate minus baseline."
      : "Stretches that the behavior of both runs proposes, in order. Extra seconds are candidate minus baseline.",
    columns: [
      { title: "Phase", name: true },
      number("Baseline"),
      number("Candidate"),
      number("Extra s"),
      ...shown.map((state) => number(`of it ${RESOURCE_LABELS[state]}`)),
      { title: "Explained by" },
    ],
    rows: phases.map((phase) => [
      phase.name,
      secondsText(phase.baseline.seconds),
      secondsText(phase.candidate.seconds),
      signedSeconds(phase.candidate.seconds - phase.baseline.seconds),
      ...shown.map((state: StateName) => signedSeconds(phase.extraSeconds[state])),
      phase.bottleneck === "none" ? "no resource" : RESOURCE_LABELS[phase.bottleneck],
    ]),
  });
}
