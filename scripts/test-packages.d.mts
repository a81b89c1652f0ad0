export declare const testPackages: Readonly<Record<string, string>>;
export declare function missingPackages(packages?: readonly string[]): string[];
export declare function installLine(packages: readonly string[]): string;
