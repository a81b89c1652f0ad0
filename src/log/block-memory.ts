/**
 * Memory of blocks that are done with, for the blocks to come: tens of megabytes that otherwise lie
 * about until the garbage collector sees to them.
 */
export class BlockMemory {
  private readonly spare: Float64Array[] = [];

  /** At least so many numbers, whatever they are. */
  take(length: number): Float64Array {
    const known = this.spare.pop();
    return known && known.length >= length ? known : new Float64Array(length);
  }

  give(numbers: Float64Array): void {
    this.spare.push(numbers);
  }
}
