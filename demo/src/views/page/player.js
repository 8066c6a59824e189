// The player: which step is shown, and everything that leads to another one.

let current = 0, drawn = 0, playing = null;

// Shows a step. Drawing waits for the next frame: a key that is held down repeats faster than that.
function go(n) {
  const to = Math.min(last, Math.max(1, n));
  if (to === current) return;
  if (!drawn) drawn = requestAnimationFrame(draw);
  current = to;
}

function draw() {
  drawn = 0;
  const step = stepOf(current);
  $("number").textContent = step.n;
  $("pass").textContent = step.pass;
  $("time").textContent = step.time;
  $("kind").textContent = step.kind;
  showSentence(step);
  $("scrubber").value = step.n;
  $("scrubber").setAttribute("aria-valuetext", `step ${step.n} of ${last}`);
  document.body.dataset.kind = step.kind;
  document.body.dataset.stage = stageOf(step.n);
  showReady(step);
  showTasks(step);
  showLanes(step);
  showWheel(step);
  showPrinted(step);
  showCode("user", step.user, "No line of yours: the loop is at work.");
  showCode("executor", step.executor, "");
  showInList(step.n);
  lightUp(step);
  scrollNow();
  rememberLink();
}

// The nearest step in a direction that is as wanted. Stays if there is none.
function jump(direction, wanted) {
  for (let n = current + direction; n >= 1 && n <= last; n += direction) {
    if (wanted(run.steps[n - 1])) return go(n);
  }
}

const ofKind = kind => step => run.kinds[step[2]] === kind;
const about = key => step => [step[4], step[5]].some(one => one >= 0 && run.things[one][0] === key);

const STEPS_A_SECOND = 3;
function play(on) {
  clearInterval(playing);
  playing = on ? setInterval(() => current < last ? go(current + 1) : play(false), 1000 / STEPS_A_SECOND) : null;
  document.body.classList.toggle("playing", on);
  $("play").setAttribute("aria-label", on ? "Pause" : "Play");
  // Nobody can listen to three sentences a second.
  $("sentence").setAttribute("aria-live", on ? "off" : "polite");
}

const KEYS = {
  ArrowLeft: () => go(current - 1),
  ArrowRight: () => go(current + 1),
  Home: () => go(1),
  End: () => go(last),
  " ": () => play(!playing),
  p: back => jump(back ? -1 : 1, ofKind("poll")),
  w: back => jump(back ? -1 : 1, ofKind("wake")),
  t: back => jump(back ? -1 : 1, ofKind("fire")),
};

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  // A button that has the focus keeps its own key.
  if (event.key === " " && event.target.closest("button, a")) return;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action) return;
  event.preventDefault();
  if (event.key !== " ") play(false);
  action(event.shiftKey);
}

// Links: `#step=41`. The address follows once the steps come to rest, for browsers count how often it changes.
let remembering = 0;
function rememberLink() {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    history.replaceState(null, "", `#step=${current}`);
    const theme = document.documentElement.dataset.theme;
    $("open").href = `${location.href.split(/[?#]/)[0]}${theme ? `?theme=${theme}` : ""}#step=${current}`;
  }, 250);
}

function followLink() {
  const link = /^#step=(\d+)$/.exec(location.hash);
  clearTimeout(remembering);
  go(link ? Number(link[1]) : 1);
}

// Below the scrubber: where time jumps, as many times as there is room for; and every other stretch is shaded.
function drawMarks() {
  const width = $("marks").clientWidth;
  const jumps = [1, ...run.marks.map(([n]) => n), last + 1];
  $("bands").setAttribute("viewBox", `1 0 ${Math.max(1, last - 1)} 1`);
  $("bands").firstChild.setAttribute("d",
    jumps.slice(1).map((to, i) => i % 2 ? "" : `M${jumps[i]} 0H${to}V1H${jumps[i]}Z`).join(""));
  let free = 0;
  $("marks").replaceChildren(...run.marks.flatMap(([n, time]) => {
    const x = 8 + (n - 1) / Math.max(1, last - 1) * (width - 16);
    if (x < free || x > width - 16) return [];
    free = x + 16 + 7 * run.times[time].length;
    return element("span", { style: `left:${x}px` }, run.times[time]);
  }));
}

// Light or dark is the system's choice, unless the address says `theme=dark`, or the page around this one says so
// in a message: `frame.contentWindow.postMessage({ theme: "dark" }, "*")`.
function setTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}

// Which panel shows what happens: that of the last step that is about timers, queues or events.
const stages = new Map(Object.entries({
  wheel: ["arm", "cascade", "fire", "disarm", "park"],
  queue: ["put", "get", "full", "empty", "task_done", "join", "shutdown", "wait", "set", "clear"],
}).flatMap(([stage, kinds]) => kinds.map(kind => [kind, stage])));
function stageOf(n) {
  for (; n >= 1; n--) {
    const stage = stages.get(run.kinds[run.steps[n - 1][2]]);
    if (stage) return stage;
  }
  return "code";
}

// `?embed` is the compact form for the book; `?embed=code,wheel` says which panels are wanted.
function setUpEmbedding() {
  const embed = new URLSearchParams(location.search).get("embed");
  if (embed === null) return;
  document.body.classList.add("embed");
  document.body.classList.toggle("auto", embed === "");
  const wanted = (embed || "code,ready,tasks,queue,wheel").split(",");
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.classList.toggle("unwanted", !wanted.includes(panel.dataset.panel));
  }
}

function setUp() {
  setTheme(new URLSearchParams(location.search).get("theme"));
  addEventListener("message", event => setTheme(event.data?.theme));
  setUpEmbedding();
  $("count").textContent = last;
  $("scrubber").max = last;
  $("scrubber").addEventListener("input", () => { play(false); go($("scrubber").valueAsNumber); });
  for (const [id, key] of Object.entries({ first: "Home", back: "ArrowLeft", play: " ", forward: "ArrowRight", last: "End" })) {
    $(id).addEventListener("click", () => { if (id !== "play") play(false); KEYS[key](); });
  }
  for (const kind of ["poll", "wake", "fire"]) $(kind).addEventListener("click", event => jump(event.shiftKey ? -1 : 1, ofKind(kind)));
  $("cards").addEventListener("click", event => {
    const card = event.target.closest(".card");
    if (card) jump(event.shiftKey ? -1 : 1, about(card.dataset.key));
  });
  addEventListener("keydown", onKey);
  addEventListener("hashchange", followLink);
  addEventListener("resize", () => { listHeight = $("list").clientHeight; drawMarks(); draw(); });
  $("queues").hidden = run.queues.length + run.events.length === 0;
  $("lanes-title").textContent = run.events.length === 0 ? "Queues" : run.queues.length === 0 ? "Events" : "Queues and events";
  setUpList();
  drawRings();
  drawMarks();
  followLink();
}

setUp();
