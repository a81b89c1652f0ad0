/** What a run's report shows of the work of disks and interfaces, in text and on a page alike. */
import type { RunReport } from "../analysis/run/run-report.ts";
import { amountText } from "./numbers.ts";

/** Read, written, requests, time per request, queue. */
export function diskWorkCells(disk: RunReport["disks"][number]): string[] {
  return [
    amountText(disk.readBytes, "B/s"),
    amountText(disk.writtenBytes, "B/s"),
    amountText(disk.transfers, "1/s"),
    amountText(disk.latencyMs, "ms"),
    amountText(disk.queue, ""),
  ];
}

/** Used, received, sent, errors, drops. */
export function interfaceWorkCells(link: RunReport["interfaces"][number]): string[] {
  return [
    amountText(link.utilization, "%"),
    amountText(link.receivedBytes, "B/s"),
    amountText(link.sentBytes, "B/s"),
    amountText(link.errors, "1/s"),
    amountText(link.drops, "1/s"),
  ];
}
