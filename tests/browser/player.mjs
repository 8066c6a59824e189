// The player in a real browser: node player.mjs DIRECTORY
//
// DIRECTORY holds the pages that tests/tests/player.rs has made (founding.html, long.html, nasty.html), and gets
// the screenshots. playwright-core is looked for in $PLAYWRIGHT (a directory with node_modules in it), the browser
// is $CHROMIUM. Each check opens a page of its own; a complaint of the browser or a request fails any of them.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(join(resolve(process.env.PLAYWRIGHT), "here.js"))("playwright-core");
const directory = resolve(process.argv[2]);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WIDE = { width: 1440, height: 900 };

const profile = mkdtempSync(join(tmpdir(), "player-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM, headless: true, args: FLAGS, viewport: WIDE,
});

// A page, with what a test asks of it.
async function open(file, { link = "", size = WIDE, colours = "light", motion = "no-preference" } = {}) {
  const page = await browser.newPage();
  const address = pathToFileURL(join(directory, file)).href;
  page.trouble = [];
  page.on("console", message => page.trouble.push(`console: ${message.text()}`));
  page.on("pageerror", error => page.trouble.push(`error: ${error.message}`));
  page.on("request", request => {
    const same = request.url().startsWith(address) || request.url().startsWith("data:");
    if (!same) page.trouble.push(`request: ${request.url()}`);
  });
  // When the first step stands on the page, counted from the beginning of its loading.
  await page.addInitScript(() => {
    const look = () => document.getElementById("sentence")?.textContent
      ? globalThis.openedAfter = performance.now() : requestAnimationFrame(look);
    look();
  });
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: colours, reducedMotion: motion });
  await page.goto(address + link);
  await page.waitForFunction(() => globalThis.openedAfter);
  return page;
}

const text = (page, selector) => page.locator(selector).textContent();
const step = async page => Number(await text(page, "#number"));
// Drawing waits for the next frame.
const settled = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
async function press(page, key) {
  await page.keyboard.press(key);
  await settled(page);
}

// Everything that can be read on a page, to compare it with what was there before.
const everything = page => page.evaluate(() => {
  const of = id => document.getElementById(id).innerText;
  return ["where", "kind", "sentence", "entries", "cards", "lanes", "alarms", "lines", "user-place", "executor-place"].map(of);
});

const checks = {
  async "opens within a second"() {
    const page = await open("founding.html");
    const after = await page.evaluate(() => globalThis.openedAfter);
    console.log(`   the founding run: ${after.toFixed(0)} ms`);
    assert.ok(after < 1000);
    assert.equal(await step(page), 1);
    assert.equal(await text(page, "#sentence"), "The run begins: Main stands in the ready queue.");
    return page;
  },

  async "goes forward, and back to the same states"() {
    const page = await open("founding.html");
    const seen = [await everything(page)];
    for (let n = 2; n <= 60; n++) {
      await press(page, "ArrowRight");
      seen.push(await everything(page));
    }
    assert.equal(new Set(seen.map(String)).size, 60, "no two steps look alike");
    for (let n = 59; n >= 1; n--) {
      await press(page, "ArrowLeft");
      assert.deepEqual(await everything(page), seen[n - 1], `step ${n}`);
    }
    await press(page, "ArrowLeft");
    assert.equal(await step(page), 1, "there is nothing before the first step");
    return page;
  },

  async "obeys its keys"() {
    const page = await open("founding.html");
    const last = Number(await text(page, "#count"));
    await press(page, "End");
    assert.equal(await step(page), last);
    await press(page, "ArrowRight");
    assert.equal(await step(page), last);
    await press(page, "Home");
    assert.equal(await step(page), 1);
    for (const [key, kind] of [["p", "poll"], ["w", "wake"], ["t", "fire"]]) {
      await press(page, "Home");
      await press(page, key);
      const first = await step(page);
      assert.equal(await text(page, "#kind"), kind);
      await press(page, key);
      assert.ok(await step(page) > first);
      assert.equal(await text(page, "#kind"), kind);
      await press(page, `Shift+${key}`);
      assert.equal(await step(page), first);
      await press(page, `Shift+${key}`);
      assert.equal(await step(page), first, `there is no ${kind} before the first one`);
    }
    await press(page, "Home");
    await press(page, "Space");
    await page.waitForFunction(() => Number(document.getElementById("number").textContent) >= 3);
    assert.equal(await page.locator("#play").getAttribute("aria-label"), "Pause");
    await press(page, "Space");
    const paused = await step(page);
    await page.waitForTimeout(700);
    assert.equal(await step(page), paused);
    await press(page, "Control+End");
    assert.equal(await step(page), paused, "the browser's own keys stay the browser's");
    return page;
  },

  async "follows links"() {
    const page = await open("founding.html", { link: "#step=41" });
    assert.equal(await step(page), 41);
    await page.evaluate(() => location.hash = "#step=100");
    await page.waitForFunction(() => document.getElementById("number").textContent === "100");
    await page.goBack();
    await page.waitForFunction(() => document.getElementById("number").textContent === "41");
    await press(page, "ArrowRight");
    await page.waitForFunction(() => location.hash === "#step=42");
    await page.evaluate(() => location.hash = "#step=999999");
    await page.waitForFunction(() => document.getElementById("number").textContent === document.getElementById("count").textContent);
    await page.evaluate(() => location.hash = "#nonsense");
    await page.waitForFunction(() => document.getElementById("number").textContent === "1");
    return page;
  },

  async "is worked with a mouse"() {
    const page = await open("founding.html");
    await page.click("#forward");
    await page.click("#forward");
    await settled(page);
    assert.equal(await step(page), 3);
    await page.click("#back");
    await page.click("#poll");
    await settled(page);
    assert.equal(await text(page, "#kind"), "poll");
    await page.locator("#scrubber").fill("200");
    await settled(page);
    assert.equal(await step(page), 200);
    await page.locator("#rows a", { hasText: "202" }).click();
    await settled(page);
    assert.equal(await step(page), 202);
    await page.locator(".card", { hasText: "Consumer 9" }).click();
    await settled(page);
    assert.equal(await page.locator(".card:is(.actor, .subject)", { hasText: "Consumer 9" }).count(), 1);
    return page;
  },

  async "shows who did it, to whom, and where"() {
    const page = await open("founding.html");
    await press(page, "p");
    for (let n = 0; await text(page, "#kind") !== "spawn" && n < 9; n++) await press(page, "ArrowRight");
    assert.match(await text(page, ".card.actor"), /^Main/);
    assert.match(await text(page, ".card.subject"), /^Producer 0/);
    assert.equal(await text(page, "#sentence .actor"), "Main", "and the sentence names them in their colours");
    assert.equal(await text(page, "#sentence .subject"), "Producer 0");
    assert.match(await text(page, "#user-code .here"), /spawn_named/);
    assert.match(await text(page, "#executor-code .here"), /StepKind::Spawn/);
    await press(page, "t");
    assert.equal(await text(page, "#turn .actor"), "the loop", "it is the loop that fires timers");
    assert.equal(await page.locator("#rings .dot.subject").count(), 1);
    assert.match(await text(page, "#entries .subject"), /^calltimer \d+: wake /);
    return page;
  },

  async "moves timers inwards"() {
    const page = await open("founding.html");
    await press(page, "t");
    const radius = () => page.evaluate(() => {
      const [, x, y] = /translate\((.+)px, (.+)px\)/.exec(document.querySelector(".dot.subject").style.transform);
      return Math.hypot(x, y);
    });
    const key = await page.locator(".dot.subject").getAttribute("data-key");
    assert.ok(await radius() < 24, "what is due lies in the hub");
    await press(page, "ArrowLeft");
    assert.equal(await text(page, "#kind"), "cascade");
    assert.match(await page.locator("#trails").getAttribute("d"), /^M.+L/, "a trail shows from where it came");
    assert.equal(await page.locator(".dot.moved").count(), 1);
    const before = await page.evaluate(key => {
      const dot = () => /translate\((.+)px, (.+)px\)/.exec(document.querySelector(`.dot[data-key=${key}]`).style.transform).slice(1);
      const inner = Math.hypot(...dot());
      go(current - 1);
      draw();
      return [inner, Math.hypot(...dot())];
    }, key);
    assert.ok(before[0] < before[1], `${before}`);
    return page;
  },

  async "shows events"() {
    const page = await open("events.html");
    assert.equal(await text(page, "#lanes-title"), "Queues and events");
    const event = async kind => {
      for (let n = 0; await text(page, "#kind") !== kind && n < 99; n++) await press(page, "ArrowRight");
      const flag = await text(page, ".lane[data-key=e0] .flag");
      return [flag, ...await page.locator(".lane[data-key=e0] li").allTextContents()];
    };
    assert.deepEqual(await event("wait"), ["not set", "t1"]);
    await press(page, "ArrowRight");
    assert.deepEqual(await event("wait"), ["not set", "t1", "t2"]);
    assert.deepEqual(await event("set"), ["set", "t1", "t2"]);
    assert.equal(await page.locator(".lane[data-key=e0].subject").count(), 1);
    assert.equal(await text(page, "#sentence"), "t0 sets event 0: the 2 tasks in its line are woken next.");
    assert.match(await text(page, "#executor-code .here"), /StepKind::SetEvent/);
    assert.deepEqual(await event("wake"), ["set", "t2"], "who is woken stands in line no more");
    assert.deepEqual(await event("clear"), ["not set"]);
    return page;
  },

  async "shows a queue as a pipe"() {
    const page = await open("events.html");
    for (let n = 0; await text(page, "#kind") !== "full" && n < 99; n++) await press(page, "ArrowRight");
    const lane = page.locator(".lane[data-key=q0]");
    assert.match(await lane.locator("h3").textContent(), /^queue 02 of 2 held/);
    assert.deepEqual(await lane.locator(".held li").allTextContents(), ["1", "2"], "next first");
    const [first, second] = await lane.locator(".held li").all();
    assert.ok((await first.boundingBox()).x > (await second.boundingBox()).x, "the next one stands nearest to the way out");
    assert.deepEqual(await lane.locator(".in li").allTextContents(), ["t0"]);
    return page;
  },

  async "needs no mouse"() {
    const page = await open("founding.html", { link: "#step=100" });
    await page.locator(".card", { hasText: "Consumer 4" }).focus();
    const seen = [];
    for (let n = 0; n < 5; n++) {
      await press(page, "Enter");
      seen.push(await step(page));
      assert.match(await page.evaluate(() => document.activeElement.textContent), /^Consumer 4/, "the card keeps the focus");
    }
    assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b), "each time its next step");
    for (const reached of ["#first", "#scrubber", "#poll", ".card", "#user-code"]) {
      assert.ok(await page.locator(reached).first().evaluate(it => it.tabIndex >= 0), reached);
    }
    await page.locator("#scrubber").focus();
    await press(page, "ArrowRight");
    assert.equal(await step(page), seen.at(-1) + 1);
    return page;
  },

  async "wears light and dark"() {
    const paper = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [light, dark] = await Promise.all(["light", "dark"].map(async colours => {
      const page = await open("founding.html", { colours });
      const colour = await paper(page);
      await page.close();
      return colour;
    }));
    assert.notEqual(light, dark, "as the system says");
    const page = await open("founding.html", { link: "?embed&theme=dark#step=41" });
    assert.equal(await paper(page), dark, "as the address says");
    await page.evaluate(() => postMessage({ theme: "light" }, "*"));
    await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    assert.equal(await paper(page), light, "as the page around it says");
    await page.evaluate(() => { postMessage({ theme: "<b>" }, "*"); postMessage(null, "*"); });
    await settled(page);
    assert.equal(await paper(page), light);
    return page;
  },

  async "speaks to screen readers"() {
    const page = await open("founding.html", { motion: "reduce" });
    assert.equal(await page.locator("#sentence").getAttribute("aria-live"), "polite");
    assert.equal(await page.locator("button:not([aria-label])").filter({ hasText: /^\s*$/ }).count(), 0, "each button says what it does");
    assert.equal(await page.locator("#scrubber").getAttribute("aria-valuetext"), `step 1 of ${await text(page, "#count")}`);
    assert.equal(await page.evaluate(() => {
      const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      dot.setAttribute("class", "dot");
      document.getElementById("rings").append(dot);
      return getComputedStyle(dot).transitionDuration;
    }), "0s", "nothing moves for who wants no motion");
    return page;
  },

  async "plays a run of 10,000 steps"() {
    const page = await open("long.html", { link: "#step=9000" });
    const after = await page.evaluate(() => globalThis.openedAfter);
    const count = Number(await text(page, "#count"));
    assert.ok(count >= 10_000, `${count} steps`);
    assert.equal(await step(page), 9000);
    const times = await page.evaluate(() => Array.from({ length: 200 }, (_, k) => {
      const start = performance.now();
      go(9000 + k - 100);
      draw();
      document.body.offsetHeight;
      return performance.now() - start;
    }).sort((a, b) => a - b));
    console.log(`   ${count} steps: opens in ${after.toFixed(0)} ms, a step takes ${times[100].toFixed(1)} ms (median), ${times[198].toFixed(1)} ms (99 %)`);
    assert.ok(times[100] < 100);
    assert.ok(await page.locator("#rows li").count() < 200, "the list makes only the rows that can be seen");
    await press(page, "End");
    assert.equal(await step(page), count);
    assert.equal(await page.locator("#rows a[aria-current]").textContent().then(row => row.startsWith(`${count}`)), true);
    return page;
  },

  async "takes text for text"() {
    const page = await open("nasty.html");
    assert.equal(await page.title(), `</script><script>alert("x")</script> & <b>'bold'</b>`);
    assert.equal(await text(page, "h1"), await page.title());
    assert.equal(await page.locator("script").count(), 2);
    await press(page, "End");
    return page;
  },

  async "fits a frame in the book"() {
    const page = await open("founding.html", { link: "?embed#step=41", size: { width: 720, height: 420 } });
    assert.equal(await step(page), 41);
    const visible = async (...panels) => {
      for (const panel of ["#user", "#ready", "#tasks", "#executor", "#wheel", "#queues", "#steps", "#output", "footer"]) {
        assert.equal(await page.locator(panel).isVisible(), panels.includes(panel), panel);
      }
    };
    // Beside the code, the ready queue and the tasks: the wheel for timers, else what the last step was about.
    await visible("#user", "#ready", "#tasks", "#wheel");
    await page.evaluate(() => { go(183); draw(); });
    await visible("#user", "#ready", "#tasks", "#queues");
    await page.evaluate(() => { go(5); draw(); });
    await visible("#user", "#ready", "#tasks", "#executor");
    await page.evaluate(() => { go(41); draw(); });
    for (const inside of ["#rings", "#sentence", ".card.actor"]) {
      const box = await page.locator(inside).boundingBox();
      assert.ok(box.y + box.height <= 420, `${inside} is seen whole`);
    }
    assert.ok(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), "nothing sticks out");
    await page.screenshot({ path: join(directory, "embed.png") });
    const wheel = await open("founding.html", { link: "?embed=wheel,queue#step=100", size: { width: 760, height: 420 } });
    assert.ok(await wheel.locator("#wheel").isVisible() && !await wheel.locator("#tasks").isVisible());
    await wheel.screenshot({ path: join(directory, "embed-wheel.png") });
    assert.deepEqual(wheel.trouble, []);
    return page;
  },

  async "fits a telephone"() {
    const page = await open("founding.html", { link: "#step=188", size: { width: 360, height: 700 } });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no scrolling sideways");
    await page.evaluate(() => scrollTo(0, 600));
    for (const part of ["#sentence", "#forward"]) {
      const box = await page.locator(part).boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= 700, `${part} stays in sight`);
    }
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(directory, "narrow.png") });
    await page.screenshot({ path: join(directory, "narrow-whole.png"), fullPage: true });
    return page;
  },

  async "has its picture taken"() {
    for (const colours of ["light", "dark"]) {
      for (const [name, link] of [["spawn", "#step=10"], ["arm", "#step=41"], ["queue", "#step=188"], ["fire", "#step=398"]]) {
        const page = await open("founding.html", { link, colours, motion: "reduce" });
        await page.screenshot({ path: join(directory, `${colours}-${name}.png`) });
        assert.deepEqual(page.trouble, []);
        await page.close();
      }
    }
    return open("founding.html");
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    const page = await check();
    assert.deepEqual(page.trouble, [], "the browser has no complaint, and asks for nothing");
    await page.close();
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
