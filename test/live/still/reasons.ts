/** By object, by the reason why no load here makes sure that they move: counters. */
export type Reasons = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
