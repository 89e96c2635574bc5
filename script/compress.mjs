// Puts a .br and a .gz beside every file of a folder that gets smaller by it, for app/web/pages/built.py to send.
//   node script/compress.mjs FOLDER
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const kinds = /\.(js|css|svg|json|html|wasm)$/;
const least = 600; // below, headers weigh more than what is saved
const large = 300_000; // the best quality takes seconds for these and saves little more

function brotli(content) {
  const quality = content.length > large ? 9 : 11;
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
}

export function compressFolder(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((one) => kinds.test(one))) {
    const content = readFileSync(join(folder, name));
    if (content.length < least) continue;
    for (const [suffix, made] of [["br", brotli(content)], ["gz", gzipSync(content, { level: 9 })]]) {
      if (made.length < content.length) writeFileSync(join(folder, `${name}.${suffix}`), made);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) compressFolder(process.argv[2]);
