// A line of JSON {source, minify} -> a line of JSON {html, seconds}. Run by makers.py: node mjml.mjs FOLDER, where FOLDER has
// mjml in its node_modules. The time is that of the compiler, without reading and writing.
// No web fonts: the others have none.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const loaded = createRequire(join(process.argv[2], "package.json"))("mjml");
const mjml = loaded.default ?? loaded;
for await (const line of createInterface({ input: process.stdin })) {
  const { source, minify } = JSON.parse(line);
  const start = performance.now();
  const { html, errors } = await mjml(source, { minify, validationLevel: "soft", fonts: {} });
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ html, seconds, errors: errors.map((error) => error.formattedMessage) }));
}
