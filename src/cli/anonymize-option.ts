/** `--anonymize`, the same for every command that has it; `docs/report.md` says what is replaced. */
export const ANONYMIZE_HELP = "other names for hosts, users, addresses and paths";
