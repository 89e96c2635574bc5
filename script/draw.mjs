// Makes docs/architecture.svg of docs/architecture.dot; with --check only says whether the picture is of the text.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { instance } from "@viz-js/viz";

const docs = join(dirname(fileURLToPath(import.meta.url)), "..", "docs");
const picture = join(docs, "architecture.svg");
const graphviz = await instance();
const drawn = graphviz.renderString(readFileSync(join(docs, "architecture.dot"), "utf8"), { format: "svg" });

if (process.argv.includes("--check")) {
  if (readFileSync(picture, "utf8") !== drawn) {
    console.error("docs/architecture.svg is not of docs/architecture.dot: run script/draw");
    process.exit(1);
  }
} else {
  writeFileSync(picture, drawn);
}
