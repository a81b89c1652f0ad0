/**
 * The text of `ethtool -S`: a name and a number per line, as the card's driver names them. Names may
 * hold blanks (vmxnet3) and stand several times, once per queue.
 */
import { NumberTable } from "../util/number-table.ts";

/** Names as the driver has them. */
export function ethtoolTable(): NumberTable {
  return new NumberTable((words) => {
    const last = words.length - 1;
    const name = words.slice(0, last).join(" ").replace(/:$/, "");
    return words.map((_, i) => (i === last && name !== "" ? name : undefined));
  });
}

/**
 * A name with a `#` for the number of a queue or channel, so that those of all queues can be added up:
 * `rx_queue_3_drops` and `rx3_drops` (virtio_net), `queue_3_rx_page_alloc_fail` (ena), `ch3_poll`
 * (mlx5), `rx-3.packets` (i40e), `[3]: rx_discards` (bnxt), `rx_queue_drop_cnt[3]` (gve).
 */
export function withoutQueue(name: string): string {
  return name
    .replace(/\[\d+\]/g, "[#]")
    .replace(/(^|_)(queue_|rx|tx|ch|xdp|cpu)(-?)\d+(?=[_.])/g, "$1$2$3#");
}
