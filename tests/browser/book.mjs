// The built book in a real browser: node book.mjs DIRECTORY
//
// DIRECTORY is what `mdbook build docs` has written (`book`). Every page of it is opened from the disk, wide and
// narrow, light and dark: it asks for nothing but its own files, its links and pictures are there, its players
// play, nothing is wider than the page; the search finds, a step in the prose moves the player, and the player
// follows the theme. playwright-core is looked for in $PLAYWRIGHT (a
// directory with node_modules in it), the browser is $CHROMIUM. With SCREENSHOTS=directory it keeps a picture of each.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const { chromium } = createRequire(join(resolve(process.env.PLAYWRIGHT), "here.js"))("playwright-core");
const directory = resolve(process.argv[2]);
const screenshots = process.env.SCREENSHOTS;
if (screenshots) mkdirSync(screenshots, { recursive: true });
// The whole book on one page would load every player; it is for printing only.
const pages = readdirSync(directory).filter(name => name.endsWith(".html") && !["print.html", "404.html", "toc.html"].includes(name));
assert(pages.includes("index.html"), `no book in ${directory}`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
const troubles = [];
const ids = new Map();

async function open(context, name) {
  const page = await context.newPage();
  const tell = what => troubles.push(`${name}: ${what}`);
  page.on("console", message => message.type() === "error" && tell(`console: ${message.text()}`));
  page.on("pageerror", error => tell(`error: ${error.message}`));
  page.on("requestfailed", request => tell(`not there: ${request.url()}`));
  page.on("request", request => {
    if (!/^(file|data|blob):/.test(request.url())) tell(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(join(directory, name)).href);
  return { page, tell };
}

async function look(context, name, kind) {
  const { page, tell } = await open(context, name);
  const seen = await page.evaluate(() => ({
    ids: [...document.querySelectorAll("[id], a[name]")].map(at => at.id || at.name),
    links: [...document.querySelectorAll("main a[href]")].map(at => at.href).filter(link => link.startsWith("file:")),
    pictures: [...document.images].filter(at => at.complete && at.naturalWidth === 0).map(at => at.src),
    tooWide: document.documentElement.scrollWidth > innerWidth,
  }));
  ids.set(name, new Set(seen.ids));
  for (const picture of seen.pictures) tell(`the picture can't be shown: ${picture}`);
  if (seen.tooWide) tell(`${kind}: it is wider than the window`);
  for (const frame of page.frames().slice(1)) {
    // Off the screen it does not draw.
    await (await frame.frameElement()).scrollIntoViewIfNeeded();
    await frame.waitForFunction(() => document.getElementById("sentence")?.textContent, null, { timeout: 20_000 })
      .catch(() => tell(`the player does not play: ${frame.url()}`));
  }
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${kind}.png`) });
  await page.close();
  return seen.links;
}

const links = new Map();
const WIDE = { width: 1440, height: 900 }, NARROW = { width: 390, height: 844 };
for (const [kind, viewport, colorScheme] of [["wide-light", WIDE, "light"], ["narrow-dark", NARROW, "dark"]]) {
  const context = await browser.newContext({ viewport, colorScheme });
  for (const name of pages) links.set(name, await look(context, name, kind));
  await context.close();
}
for (const [name, targets] of links) {
  for (const target of new Set(targets)) {
    const url = new URL(target);
    const [file, anchor] = [fileURLToPath(new URL(url.pathname, "file:///")), decodeURIComponent(url.hash.slice(1))];
    if (!existsSync(file)) troubles.push(`${name}: leads to what is not there: ${target}`);
    const known = ids.get(basename(file));
    if (known && anchor && file.startsWith(directory) && !file.includes("/player/") && !known.has(anchor)) {
      troubles.push(`${name}: leads to no such heading: ${target}`);
    }
  }
}

const context = await browser.newContext({ viewport: WIDE });
const { page } = await open(context, "index.html");
await page.keyboard.press("s");
await page.keyboard.type("snapshot");
const found = page.locator("#mdbook-searchresults li");
await found.first().waitFor({ timeout: 20_000 }).catch(() => troubles.push("the search finds nothing"));
console.log(`${pages.length} pages, the search finds ${await found.count()} places`);

// A step in the prose moves its player, by mouse and by keyboard; elsewhere nothing becomes a link.
async function moves(name, text, frameIndex, how) {
  const { page, tell } = await open(context, name);
  const frame = page.frames().slice(1)[frameIndex];
  const step = page.locator("main a.step", { hasText: text }).first();
  const number = text.match(/\d+/)[0];
  await how(step);
  await frame.waitForFunction(n => document.getElementById("number").textContent === n, number, { timeout: 20_000 })
    .catch(() => tell(`"${text}" does not move the player`));
  const [box, href] = [await page.locator("iframe.player").nth(frameIndex).boundingBox(), await step.getAttribute("href")];
  if (!box || box.y + box.height < 100 || box.y > WIDE.height - 100) tell(`"${text}" does not lead to the player`);
  if (!href.endsWith(`.html#step=${number}`)) tell(`"${text}" has the address ${href}`);
  if (await page.locator("pre a.step, code a.step").count() > 0) tell("a step in a listing is a link");
  await page.close();
}
await moves("01-what-the-loop-does.html", "step 16", 0, step => step.click());
await moves("01-what-the-loop-does.html", "steps 30", 0, step => step.press("Enter"));
await moves("09-time-you-can-hold.html", "steps 253", 2, step => step.click());

// The player follows the reader's theme, and not the system's.
{
  const { page, tell } = await open(context, "01-what-the-loop-does.html");
  const frame = page.frames()[1];
  for (const [theme, expected] of [["light", "light"], ["navy", "dark"], ["rust", "light"], ["coal", "dark"], ["ayu", "dark"]]) {
    await page.evaluate(theme => { document.documentElement.classList.remove("light", "rust", "coal", "navy", "ayu"); document.documentElement.classList.add(theme); }, theme);
    await frame.waitForFunction(expected => document.documentElement.dataset.theme === expected, expected, { timeout: 20_000 })
      .catch(() => tell(`the player is not ${expected} when the book is ${theme}`));
  }
  await page.evaluate(() => localStorage.setItem("mdbook-theme", "navy"));
  await page.reload();
  await page.frames()[1].waitForFunction(() => document.documentElement.dataset.theme === "dark", null, { timeout: 20_000 })
    .catch(() => tell("the player is not dark when a dark book is opened"));
}
await browser.close();
console.log([...new Set(troubles)].join("\n"));
process.exit(troubles.length === 0 ? 0 : 1);
