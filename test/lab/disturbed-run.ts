/** A run was disturbed by something else on this machine; to be repeated. */
export class DisturbedRun extends Error {}

/** Times that a disturbed run is repeated before its scenario is given up. */
export const TRIES = 4;

/** @param attempt is told its number, 1 for the first */
export async function undisturbed<T>(
  attempt: (tries: number) => Promise<T>,
  onDisturbed: (message: string) => void,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(tries);
    } catch (error) {
      if (!(error instanceof DisturbedRun) || tries === TRIES) throw error;
      onDisturbed(error.message);
    }
  }
}
