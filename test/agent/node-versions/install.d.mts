export declare const nodeMajors: readonly number[];
export declare function nodeBinary(major: number): string | undefined;
export declare function installNodeVersions(): boolean;
