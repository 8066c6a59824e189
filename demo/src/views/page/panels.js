// The panels that are made of boxes: the ready queue, the tasks, the queues, what was printed.
// All text goes in as text, never as HTML, so that nothing in a name or an item can be more than text.

const $ = id => document.getElementById(id);

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false && value !== "") made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Of a line that is too long to be looked at, its head, and how many more there are.
const MOST = 60;
function shortened(list, show) {
  const shown = list.slice(0, MOST).map(show);
  const more = list.length - shown.length;
  if (more > 0) shown.push(element("li", { class: "more" }, `and ${more} more`));
  return shown;
}

let shownReady = -1, shownTurn = "";
function showReady(step) {
  const { key, name } = step.actor;
  if (shownTurn !== key) $("turn").replaceChildren(element("li", { "data-key": key }, name));
  shownTurn = key;
  if (shownReady === step.ready) return;
  shownReady = step.ready;
  const { now, next } = readyQueue(step.ready);
  const entry = ({ key, way, what }) =>
    element("li", { "data-key": key, class: way }, element("i", {}, way), what);
  $("now").replaceChildren(...shortened(now, entry));
  $("next").replaceChildren(...shortened(next, entry));
  $("entries").classList.toggle("none", now.length + next.length === 0);
}

const shownCards = [];
function showTasks(step) {
  const numbers = rows(step.tasks);
  const cards = $("cards");
  numbers.forEach((number, i) => {
    if (shownCards[i] === number) return;
    shownCards[i] = number;
    const made = cardElement(card(number));
    const old = cards.children[i], focused = old && old === document.activeElement;
    if (old) old.replaceWith(made);
    else cards.append(made);
    if (focused) made.focus({ preventScroll: true });
  });
  while (cards.children.length > numbers.length) cards.lastChild.remove();
  shownCards.length = numbers.length;
}

const BLANK = "\u00a0"; // holds a line open, so that cards keep their height from step to step

function cardElement(task) {
  const at = task.line ? `line ${task.line}` : "";
  const holder = task.holder ? `${task.holder} holds its waker` : BLANK;
  return element("button", { class: `card ${task.state}`, "data-key": task.key, title: task.holder ? `${task.doing}; ${holder}` : task.doing },
    element("b", {}, element("span", {}, task.name), element("i", {}, task.state)),
    element("span", {}, task.doing),
    element("span", {}, holder),
    element("small", {}, element("span", {}, `polls ${task.polls} · wakes ${task.wakes}`), element("span", {}, at)));
}

let shownLanes = "";
function showLanes(step) {
  if (shownLanes === `${step.queues} ${step.events}`) return;
  shownLanes = `${step.queues} ${step.events}`;
  const queues = run.lists[step.queues].map(queue), events = run.lists[step.events].map(eventOf);
  const lanes = [...queues.map(queueElement), ...events.map(eventElement)];
  $("lanes").classList.toggle("many", lanes.length > 1);
  $("lanes").replaceChildren(...lanes.length ? lanes : ["None has been used yet."]);
}

const people = list => shortened(list, ({ key, name }) => element("li", { "data-key": key }, name));

// A part of a lane: words, and below them a line of boxes.
const part = (place, words, label, boxes) =>
  element("div", { class: place }, element("span", {}, words), element("ol", { "aria-label": label }, ...boxes));

// A queue, next first from the right end of the pipe: who waits for room, the items, who waits for one.
const MOST_ROOM = 12;
function queueElement({ key, name, maxsize, unfinished, closed, items, getters, putters, joiners }) {
  const facts = [`${items.length}${maxsize ? ` of ${maxsize}` : ""} held`, `${unfinished} not done`];
  if (closed) facts.push("shut down");
  const boxes = shortened(items, item => element("li", {}, item));
  boxes.at(-1)?.classList.add("tail");
  const room = maxsize && maxsize <= MOST_ROOM ? maxsize - items.length : 0;
  for (let free = 0; free < room; free++) boxes.push(element("li", { class: "room", "aria-hidden": "true" }, BLANK));
  const pipe = element("div", { class: "pipe" });
  if (maxsize) pipe.append(part("in", "wait for room →", `Wait for room in queue ${name}`, people(putters)));
  pipe.append(part("held", "items", `Items of queue ${name}, next first`, boxes),
    part("out", "→ wait for an item", `Wait for an item of queue ${name}`, people(getters)));
  if (joiners.length) pipe.append(part("join", "wait until all are done", `Wait until all items of queue ${name} are done`, people(joiners)));
  return element("div", { class: "lane", "data-key": key },
    element("h3", {}, `queue ${name}`, element("small", {}, facts.join(" · "))), pipe);
}

// An event: its flag, and who waits for it.
function eventElement({ key, name, set, waiters }) {
  const flag = element("small", { class: set ? "flag set" : "flag" }, set ? "set" : "not set");
  return element("div", { class: "lane", "data-key": key }, element("h3", {}, `event ${name}`, flag),
    element("div", { class: "pipe" }, part("out", "wait for it, first to last", `Wait for event ${name}`, people(waiters))));
}

let shownPrinted = -1;
function showPrinted(step) {
  const before = Math.max(0, step.printed - 40), fresh = step.printedBefore;
  if (shownPrinted === step.printed + fresh) return;
  shownPrinted = step.printed + fresh;
  $("lines").replaceChildren(...run.printed.slice(before, step.printed).map((line, i) =>
    element("p", { class: before + i >= fresh && "new" }, line)));
  scrollLater($("lines"), () => $("lines").scrollHeight);
}

// Who did it, to whom, and if that is a timer, whose it is: they light up, wherever they stand.
function lightUp(step) {
  for (const lit of document.querySelectorAll("main :is(.actor, .subject, .owner)")) lit.classList.remove("actor", "subject", "owner");
  const mark = (what, name) => {
    for (const place of document.querySelectorAll(`main [data-key="${CSS.escape(what.key)}"]`)) {
      place.classList.add(name);
      const box = place.closest("#cards, #lanes, #entries, #alarms");
      if (box) scrollLater(box, () => revealing(place, box));
    }
  };
  mark(step.actor, "actor");
  if (step.subject && step.subject.key !== step.actor.key) mark(step.subject, "subject");
  if (step.owner && step.owner.key !== step.actor.key) mark(step.owner, "owner");
}

// The sentence, in which they have their colours, too.
function showSentence(step) {
  const names = [[step.actor.name, "actor"]];
  if (step.subject && step.subject.key !== step.actor.key) names.push([step.subject.name, "subject"]);
  if (step.owner && step.owner.key !== step.actor.key) names.push([step.owner.name, "owner"]);
  names.sort(([a], [b]) => b.length - a.length);
  const pattern = names.map(([name]) => name.replace(/[^\w\s]/g, "\\$&")).join("|");
  const pieces = step.sentence.split(new RegExp(`(?<!\\w)(${pattern})(?!\\w)`, "i"));
  const colour = piece => names.find(([name]) => name.toLowerCase() === piece.toLowerCase())?.[1];
  $("sentence").replaceChildren(...pieces.map((piece, i) => i % 2 ? element("span", { class: colour(piece) }, piece) : piece));
}

// Where its box has to be scrolled to, so that it can be seen.
function revealing(place, box) {
  const { top: edge } = box.getBoundingClientRect(), { top: now, height } = place.getBoundingClientRect();
  const top = now - edge + box.scrollTop;
  return Math.max(0, Math.min(box.scrollTop, top), top + height - box.clientHeight);
}

// Scrolling comes last: it needs the layout, which should be made once, not after each change.
const scrolls = [];
const scrollLater = (box, where) => scrolls.push([box, where]);

function scrollNow() {
  for (const [box, where] of scrolls.splice(0)) {
    const top = where();
    if (box.scrollTop !== top) box.scrollTop = top;
  }
}
