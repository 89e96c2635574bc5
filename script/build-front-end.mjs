// Bundles static/src/*.js and *.css into static/dist/, each name with a digest of its content, so that browsers may
// keep a file for ever. static/dist/manifest.json maps plain names to built ones: {"portal.js": "portal-4QX2.js"}.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";
import { compressFolder } from "./compress.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "static", "src");
const target = join(root, "static", "dist");

// Files that pages load by themselves, as they are.
const copied = ["node_modules/zxing-wasm/dist/reader/zxing_reader.wasm"];
// What posters are written with: one weight for text, one for headlines.
const fonts = ["400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"];

function digest(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 10);
}

function copyHashed(path) {
  const content = readFileSync(join(root, path));
  const extension = extname(path);
  const name = basename(path, extension);
  const built = `${name}-${digest(content)}${extension}`;
  writeFileSync(join(target, built), content);
  return [name + extension, built];
}

// `@import "./folder/*.css"` stands for every stylesheet in the folder, so that a subject brings its own along.
const wholeFolders = {
  name: "whole-folders",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/\*\.css$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, dirname(path)),
      namespace: "whole-folder",
    }));
    onLoad({ filter: /.*/, namespace: "whole-folder" }, ({ path }) => ({
      contents: stylesheetsIn(path).map((name) => `@import "./${name}";`).join("\n"),
      loader: "css",
      resolveDir: path,
    }));
  },
};

function stylesheetsIn(folder) {
  return readdirSync(folder).filter((name) => name.endsWith(".css")).sort();
}

// Of Tabler only what the console's pages use. They put some names together: "btn-" before a tone.
const whereUsed = ["mall_console", "app/web", "static/src/console"];
const usedTabler = {
  name: "used-tabler",
  setup({ onLoad }) {
    onLoad({ filter: /@tabler[\\/]core[\\/].*\.css$/ }, async ({ path }) => {
      const content = [join(source, "console.js"), ...whereUsed.flatMap((folder) => pagesIn(join(root, folder)))];
      const [used] = await new PurgeCSS().purge({ content, css: [path], keyframes: true, defaultExtractor: namesIn });
      return { contents: used.css, loader: "css" };
    });
  },
};

function pagesIn(folder) {
  const found = readdirSync(folder, { recursive: true }).filter((name) => /\.(html|js)$/.test(name));
  return found.map((name) => join(folder, name));
}

function namesIn(page) {
  const names = page.match(/[A-Za-z0-9_-]+/g) ?? [];
  return [...names, ...names.map((name) => `btn-${name}`)];
}

async function bundle() {
  const entryPoints = readdirSync(source)
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => join(source, name));
  const result = await build({
    entryPoints,
    outdir: target,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: "eof",
    format: "iife",
    target: ["es2020", "chrome99", "safari15.4", "firefox97"],
    loader: { ".svg": "file", ".png": "file", ".woff": "file", ".woff2": "file", ".wasm": "file" },
    plugins: [wholeFolders, usedTabler],
    logLevel: "warning",
  });
  return Object.entries(result.metafile.outputs).map(([path, output]) => {
    const plain = output.entryPoint ? basename(output.entryPoint) : null;
    return [plain, basename(path)];
  });
}

function copyFonts() {
  const folder = join(root, "var", "build", "fonts");
  mkdirSync(folder, { recursive: true });
  for (const font of fonts) {
    cpSync(join(root, "node_modules/@expo-google-fonts/noto-sans-sc", font), join(folder, basename(font)));
  }
}

mkdirSync(target, { recursive: true });
const built = [...copied.map(copyHashed), ...(await bundle())];
copyFonts();
const named = Object.fromEntries(built.filter(([plain]) => plain !== null).sort());
writeFileSync(join(target, "manifest.json"), JSON.stringify(named, null, 2) + "\n");

// The new manifest is in place: what an older build left behind can go.
const kept = new Set(["manifest.json", ...built.map(([, name]) => name)]);
for (const name of readdirSync(target)) {
  if (!kept.has(name) && existsSync(join(target, name))) rmSync(join(target, name), { recursive: true });
}
compressFolder(target);
