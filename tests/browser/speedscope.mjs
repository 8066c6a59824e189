// Imports a trace into speedscope, in a real browser: node speedscope.mjs PACKAGE CHROMIUM FILE
//
// PACKAGE is the directory of the npm package. It opens as speedscope's own command opens it: the page, and in
// its address a script that hands the file over. Prints the tracks that speedscope then offers, one a line. Whatever
// the importer has to complain about, it says on the console: that fails this program.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [speedscope, chromium, file] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), "speedscope-"));
try {
  const script = join(directory, "load.js");
  const text = readFileSync(file).toString("base64");
  writeFileSync(script, `speedscope.loadFileFromBase64(${JSON.stringify(basename(file))}, "${text}")`);
  const page = pathToFileURL(resolve(speedscope, "dist/release/index.html")).href;
  const { stdout: dom, stderr: log, error } = spawnSync(chromium, [
    "--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", // WebGL without a graphics card
    `--user-data-dir=${join(directory, "profile")}`,
    "--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom",
    `${page}#localProfilePath=${script}`,
  ], { encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 28 });
  assert.ifError(error);

  const said = log.split("\n").filter(line => line.includes("CONSOLE")).map(line => /"(.*)", source:/.exec(line)?.[1]);
  assert.ok(said.includes("Importing as Trace Event Format profile"), log);
  const harmless = /^(speedscope v|WebGL initialized|Importing as|import: |Failed to create WebGL|Uncaught .*Setup failure)/;
  assert.deepEqual(said.filter(line => !harmless.test(line)), [], "complaints");

  const tracks = new Set(dom.match(/executor \(pid 1\), [^<]*\(tid \d+\)/g));
  console.log([...tracks].join("\n"));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
