/** Records a job on this host itself: for what guests lack, pressure information and several CPUs. */
import { startAgent } from "../agent/agent-process.ts";

export async function recordOnHost(
  folder: string,
  cluster: string,
  run: string,
  command: readonly string[],
): Promise<string> {
  const args = ["-q", "-o", folder, "-i", "500ms", "--cluster", cluster, "--run", run];
  const { code, stderr } = await startAgent([...args, "--", ...command]).exit;
  if (code !== 0) throw new Error(`the job on this host failed: ${stderr}`);
  return folder;
}
