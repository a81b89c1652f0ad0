/** Both runs as columns, as a comparison has measured them: what its pictures are made of. */
import type { SideName } from "./comparison.ts";
import type { MeasuredSide } from "./facts.ts";
import type { PsiUse } from "./measures.ts";
import type { Work } from "./work.ts";

export interface MeasuredRuns {
  readonly measured: Readonly<Record<SideName, MeasuredSide>>;
  readonly work: Work;
  readonly psi: PsiUse;
}
