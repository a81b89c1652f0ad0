import type { CliCommand } from "../command.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "query",
  summary: "run read-only SQL on a store",
  description:
    "Runs one read-only SQL statement on a store and prints the result as a table, CSV or JSON. The\n" +
    "view `normalized` (hostname, utcdatetime, object, counter, instance, value) is a good start; all\n" +
    "tables and views are in docs/schema.md. SQL cannot reach files or the network.",
  examples: [
    ['perfmon query "select count(*) from normalized"', "how many values there are"],
    [
      "perfmon query --csv \"select * from normalized where object = 'Memory'\" > memory.csv",
      "values for a spreadsheet",
    ],
  ],
  define: (command, context) => {
    command
      .argument("<sql>", "one statement")
      .option(DB_FLAG, DB_HELP)
      .option("--json", "as JSON: an array of objects")
      .option("--csv", "as CSV with a header")
      .action(async (sql, options) => {
        const { runQuery } = await import("../actions/query.ts");
        await runQuery(sql, options, context);
      });
  },
};
