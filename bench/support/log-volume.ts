import { readSegment } from "../../src/log/segment-reader.ts";
import { openRecording } from "../../src/recording/recording.ts";

/** How much a recording holds, and in how many bytes. */
export interface LogVolume {
  readonly samples: number;
  readonly valuesPerSample: number;
  /** Of the segments, headers included. */
  readonly bytesPerValue: number;
}

export function readVolume(folder: string): LogVolume {
  let samples = 0;
  let values = 0;
  let bytes = 0;
  for (const segment of openRecording(folder).segments) {
    bytes += segment.bytes;
    for (const part of readSegment(segment.path)) {
      if ("damage" in part) throw new Error(`${segment.path}: ${part.damage.reason}`);
      if (!("block" in part)) continue;
      samples += part.block.monotonicMs.length;
      for (const unit of part.block.units) values += unit.at.length * unit.columns.length;
    }
  }
  return { samples, valuesPerSample: values / samples, bytesPerValue: bytes / values };
}
