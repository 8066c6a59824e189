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

let shownReady = -1;
function showReady(step) {
  if (shownReady === step.ready) return;
  shownReady = step.ready;
  const { now, next } = readyQueue(step.ready);
  const entry = ({ key, way, what }) =>
    element("li", { "data-key": key, class: way }, element("i", {}, way), what);
  $("now").replaceChildren(...shortened(now, entry));
  $("next").replaceChildren(...shortened(next, entry));
}

const shownCards = [];
function showTasks(step) {
  const numbers = rows(step.tasks);
  const cards = $("cards");
  numbers.forEach((number, i) => {
    if (shownCards[i] === number) return;
    shownCards[i] = number;
    const made = cardElement(card(number));
    if (cards.children[i]) cards.children[i].replaceWith(made);
    else cards.append(made);
  });
  while (cards.children.length > numbers.length) cards.lastChild.remove();
  shownCards.length = numbers.length;
}

const BLANK = "\u00a0"; // holds a line open, so that cards keep their height from step to step

function cardElement(task) {
  const state = task.cancelled && task.state !== "cancelled" ? `${task.state}, cancelled` : task.state;
  const at = task.line ? `line ${task.line}` : "";
  const waits = task.waits ? `for ${task.waits}` : BLANK;
  const holder = task.holder ? `${task.holder} holds its waker` : BLANK;
  return element("button", { class: `card ${task.state}`, "data-key": task.key, title: task.waits && `${waits}; ${holder}` },
    element("b", {}, element("span", {}, task.name), element("i", {}, state)),
    element("span", {}, waits),
    element("span", {}, holder),
    element("small", {}, element("span", {}, `polls ${task.polls} · wakes ${task.wakes}`), element("span", {}, at)));
}

let shownQueues = -1;
function showQueues(step) {
  if (shownQueues === step.queues) return;
  shownQueues = step.queues;
  const queues = run.lists[step.queues].map(queue);
  $("lanes").replaceChildren(...queues.length ? queues.map(laneElement) : ["None has been used yet."]);
}

// A queue in line, next first: who waits for an item, the items, who waits for room, and for the end of all.
function laneElement(queue) {
  const facts = [`${queue.items.length}${queue.maxsize ? ` of ${queue.maxsize}` : ""} held`, `${queue.unfinished} not done`];
  if (queue.closed) facts.push("shut down");
  const made = element("div", { class: "lane", "data-key": queue.key });
  const line = (words, name, list) => made.append(
    element("span", {}, words), element("ol", { class: name, "aria-label": `${name} of queue ${queue.name}` }, ...list));
  const people = list => shortened(list, ({ key, name }) => element("li", { "data-key": key }, name));
  made.append(element("h3", {}, `queue ${queue.name}`, element("small", {}, facts.join(" · "))));
  line("getters", "getters", people(queue.getters));
  line("items", "items", shortened(queue.items, item => element("li", {}, item)));
  if (queue.maxsize) line("putters", "putters", people(queue.putters));
  if (queue.joiners.length) line("in join", "joiners", people(queue.joiners));
  return made;
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

// Who did it, and to whom: both light up, wherever they stand.
function lightUp(step) {
  for (const lit of document.querySelectorAll(".actor, .subject")) lit.classList.remove("actor", "subject");
  const mark = (what, name) => {
    for (const place of document.querySelectorAll(`main [data-key="${CSS.escape(what.key)}"]`)) {
      place.classList.add(name);
      const box = place.closest("#cards, #lanes, #entries");
      if (box) scrollLater(box, () => revealing(place, box));
    }
  };
  mark(step.actor, "actor");
  if (step.subject && step.subject.key !== step.actor.key) mark(step.subject, "subject");
}

// Where its box has to be scrolled to, so that it can be seen.
function revealing(place, box) {
  const top = place.offsetTop - box.offsetTop;
  return Math.max(Math.min(box.scrollTop, top), top + place.offsetHeight - box.clientHeight);
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
