/**
 * What a control group read and wrote, by device. Version 2, `io.stat`:
 * `8:0 rbytes=90112 wbytes=0 rios=22 wios=0 dbytes=0 dios=0`; version 1,
 * `blkio.throttle.io_service_bytes` and `io_serviced`: `8:0 Read 90112`, `8:0 Write 0`, ... `Total 90112`.
 * Source: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/blkio-controller.rst.
 */

const NEWLINE = 10;
const SPACE = 32;
const ZERO = 48;
const COLON = 58;
const EQUALS = 61;

/** Per device, or summed up. */
export const CGROUP_IO_COLUMNS: readonly string[] = ["rbytes", "wbytes", "rios", "wios"];
const RBYTES = 0;
const WBYTES = 1;
const RIOS = 2;
const WIOS = 3;

/** A device number as one number. */
export function deviceKey(major: number, minor: number): number {
  return major * 2 ** 20 + minor;
}

/** Which devices count: each byte once, though a volume's byte shows at its disk as well. */
export interface CountedDevices {
  counts(device: number): boolean;
  /** There is more than one: what each of them did is wanted as well. */
  readonly areSeveral: boolean;
}

/** What was read of one device. */
export interface DeviceIo {
  /** As `CGROUP_IO_COLUMNS`. */
  readonly values: Float64Array;
  /** It was in the text. */
  isThere: boolean;
}

/** Sums up the lines of the devices that count. */
export class CgroupIo {
  /** As `CGROUP_IO_COLUMNS`. */
  readonly values = new Float64Array(CGROUP_IO_COLUMNS.length);
  /** Since `reset` a text was something else than it should be. */
  isGarbled = false;
  /** By device, where several count; those that were ever in a text. */
  readonly byDevice = new Map<number, DeviceIo>();
  /** Values of the device at hand. */
  private ofDevice: Float64Array | undefined;
  private p = 0;
  private readonly devices: CountedDevices;

  constructor(devices: CountedDevices) {
    this.devices = devices;
  }

  reset(): void {
    this.values.fill(0);
    this.isGarbled = false;
    for (const io of this.byDevice.values()) {
      io.isThere = false;
      io.values.fill(0);
    }
  }

  /** Adds the lines of an `io.stat`, which is empty when the group has done no I/O. */
  addStat(bytes: Uint8Array, length: number): void {
    let isKnown = length === 0;
    for (this.p = 0; this.p < length; this.nextLine(bytes, length)) {
      let counts = false;
      while (this.p < length && bytes[this.p] !== NEWLINE) {
        if (bytes[this.p] === SPACE) {
          this.p++;
          continue;
        }
        // Some kernels (5.10 to 5.17) leave out the line end after a device that did nothing.
        if (bytes[this.p]! - ZERO <= 9) {
          const device = this.device(bytes, length);
          counts = device >= 0 && this.devices.counts(device);
          if (device < 0) break;
          isKnown = true;
          if (counts) this.beginDevice(device);
          continue;
        }
        // r, w or d, then bytes or ios; other keys come from the io.cost and io.latency controllers.
        const direction = bytes[this.p];
        const what = bytes[this.p + 1];
        const key = this.p;
        while (this.p < length && bytes[this.p]! > SPACE && bytes[this.p] !== EQUALS) this.p++;
        const keyLength = this.p - key;
        if (bytes[this.p] !== EQUALS) break;
        this.p++;
        const value = this.number(bytes, length);
        if (!counts) {
          // A volume, or a loop device: its disk has the same bytes.
        } else if (keyLength === 6 && what === 98 /* b */) {
          if (direction === 114 /* r */) this.add(RBYTES, value);
          else if (direction === 119 /* w */) this.add(WBYTES, value);
        } else if (keyLength === 4 && what === 105 /* i */) {
          if (direction === 114) this.add(RIOS, value);
          else if (direction === 119) this.add(WIOS, value);
        }
        while (this.p < length && bytes[this.p]! > SPACE) this.p++;
      }
    }
    if (!isKnown) this.isGarbled = true;
  }

  /** Adds the lines of an `io_service_bytes`. */
  addServiceBytes(bytes: Uint8Array, length: number): void {
    this.addDirections(bytes, length, RBYTES, WBYTES);
  }

  /** Adds the lines of an `io_serviced`. */
  addServiced(bytes: Uint8Array, length: number): void {
    this.addDirections(bytes, length, RIOS, WIOS);
  }

  private addDirections(bytes: Uint8Array, length: number, read: number, write: number): void {
    // A line is always there: `Total 0`.
    let isKnown = false;
    for (this.p = 0; this.p < length; this.nextLine(bytes, length)) {
      const device = this.device(bytes, length);
      if (device >= 0 || bytes[this.p] === 84 /* T */) isKnown = true;
      if (device < 0 || !this.devices.counts(device)) continue;
      while (bytes[this.p] === SPACE) this.p++;
      const letter = bytes[this.p];
      if (letter !== 82 /* R */ && letter !== 87 /* W */) continue;
      while (this.p < length && bytes[this.p]! > SPACE) this.p++;
      while (bytes[this.p] === SPACE) this.p++;
      this.beginDevice(device);
      this.add(letter === 82 ? read : write, this.number(bytes, length));
    }
    if (!isKnown) this.isGarbled = true;
  }

  private beginDevice(device: number): void {
    if (!this.devices.areSeveral) return;
    let io = this.byDevice.get(device);
    if (!io) {
      io = { values: new Float64Array(CGROUP_IO_COLUMNS.length), isThere: true };
      this.byDevice.set(device, io);
    }
    io.isThere = true;
    this.ofDevice = io.values;
  }

  private add(column: number, value: number): void {
    this.values[column] = this.values[column]! + value;
    const { ofDevice } = this;
    if (ofDevice) ofDevice[column] = ofDevice[column]! + value;
  }

  /** The device that a line begins with, or -1. */
  private device(bytes: Uint8Array, length: number): number {
    const start = this.p;
    const major = this.number(bytes, length);
    if (this.p === start || bytes[this.p] !== COLON) return -1;
    this.p++;
    return deviceKey(major, this.number(bytes, length));
  }

  private number(bytes: Uint8Array, length: number): number {
    let value = 0;
    for (; this.p < length; this.p++) {
      const digit = bytes[this.p]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    return value;
  }

  private nextLine(bytes: Uint8Array, length: number): void {
    while (this.p < length && bytes[this.p] !== NEWLINE) this.p++;
    this.p++;
  }
}
