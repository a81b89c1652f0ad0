export interface Fragment {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}
export declare function readFragments(folder: string): Fragment[];
export declare function withVersion(
  changelog: string,
  version: string,
  date: string,
  fragments: readonly Fragment[],
): string;
