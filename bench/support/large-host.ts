/** A large host for a sampler in this process: a `LargeTree` with control groups and processes in it. */
import { join } from "node:path";
import { FakeHost } from "../../test/support/fake-host.ts";
import { putProcess } from "../../test/support/fake-processes.ts";
import { type LargeHost, LargeTree } from "./large-tree.ts";

export interface HostSize extends LargeHost {
  readonly groups: number;
  readonly processes: number;
}

const FIRST_PID = 1000;
/** One in so many processes and control groups does something in a second. */
const BUSY_EVERY = 10;

export class LargeFakeHost extends FakeHost {
  private readonly tree: LargeTree;
  private readonly size: HostSize;
  private steps = 0;

  constructor(size: HostSize) {
    super({ allBlockDevices: true, maxControlGroups: size.groups + 10 });
    this.size = size;
    this.tree = new LargeTree(this.folder, size, true);
    this.write(
      "proc/self/limits",
      "Max open files            1048576              1048576 files\n",
    );
    this.write("sys/fs/cgroup/cgroup.controllers", "cpu io memory pids\n");
    for (let i = 0; i < size.groups; i++) this.putGroup(i);
    for (let i = 0; i < size.processes; i++) this.putProcess(i);
  }

  /** One second later. */
  step(): void {
    this.seconds++;
    this.steps++;
    this.tree.step();
    const first = this.steps % BUSY_EVERY;
    for (let i = first; i < this.size.groups; i += BUSY_EVERY) this.putGroup(i);
    for (let i = first; i < this.size.processes; i += BUSY_EVERY) this.putProcess(i);
  }

  private putProcess(i: number): void {
    const ticks = 3 * this.steps + i;
    putProcess(this, FIRST_PID + i, { ticks, switches: 7 * ticks, read: 4096 * ticks });
  }

  /** Of version 2, as Linux 6.x has it. */
  private putGroup(i: number): void {
    const us = 30_000 * this.steps + i;
    const stall = `avg10=0.00 avg60=0.00 avg300=0.00 total=${us}\n`;
    const pressure = `some ${stall}full ${stall}`;
    const files: Record<string, string> = {
      "cpu.stat": `usage_usec ${us}\nuser_usec ${us}\nsystem_usec 0\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n`,
      "cpu.max": "max 100000\n",
      "cpu.weight": "100\n",
      "memory.current": `${4096 * us}\n`,
      "memory.max": "max\n",
      "memory.high": "max\n",
      "memory.swap.current": "0\n",
      "memory.stat": `anon ${us}\nfile 2000\nkernel 900\nshmem 30\nfile_dirty 4\nfile_writeback 5\ninactive_file 96\nslab 600\nworkingset_refault_anon 0\nworkingset_refault_file 0\npgfault ${us}\npgmajfault 8\n`,
      "memory.events": "low 0\nhigh 0\nmax 3\noom 1\noom_kill 0\noom_group_kill 0\n",
      "io.stat": `8:0 rbytes=${us} wbytes=0 rios=${us} wios=0 dbytes=0 dios=0\n`,
      "pids.current": "5\n",
      "pids.max": "max\n",
      "cpu.pressure": pressure,
      "memory.pressure": pressure,
      "io.pressure": pressure,
    };
    for (const [name, content] of Object.entries(files)) {
      this.write(join(`sys/fs/cgroup/system.slice/app-${i}.service`, name), content);
    }
  }
}
