/** All rules. A new resource's rules are a new file and a line here. */
import { CPU_RULES } from "./cpu.ts";
import { DISK_RULES } from "./disk.ts";
import { MEMORY_RULES } from "./memory.ts";
import { NETWORK_RULES } from "./network.ts";
import type { Rule } from "./template.ts";
import { VIRTUALIZATION_RULES } from "./virtualization.ts";

export const RULES: readonly Rule[] = [
  ...CPU_RULES,
  ...MEMORY_RULES,
  ...DISK_RULES,
  ...NETWORK_RULES,
  ...VIRTUALIZATION_RULES,
];
