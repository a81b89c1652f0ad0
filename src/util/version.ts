/** Version of this program; a test compares it with package.json, which the one-file agent lacks. */
export const VERSION = "0.1.0";
