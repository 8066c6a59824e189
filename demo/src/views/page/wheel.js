// The timer wheel: a ring for each level in which a timer ever waits, the highest outermost, 64 slots a ring.
// A timer is a dot that keeps its identity from step to step: so a cascade moves it inwards, until it is due
// and lies in the hub.

const HUB = 24, RIM = 156, SLOTS = 64;
const ring = (RIM - HUB) / Math.max(run.levels.length, 2);
const outer = level => RIM - ring * run.levels.findIndex(([one]) => one === level);

function svg(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Slot 0 is at the top, and they go on as on a clock.
function point(slot, radius) {
  const angle = slot / SLOTS * 2 * Math.PI;
  return [radius * Math.sin(angle), -radius * Math.cos(angle)];
}

const at = (slot, radius) => point(slot, radius).map(x => x.toFixed(2)).join(" ");

// The outline of one slot of a ring.
function slotPath(slot, inside, outside) {
  return `M${at(slot, inside)}L${at(slot, outside)}A${outside} ${outside} 0 0 1 ${at(slot + 1, outside)}` +
    `L${at(slot + 1, inside)}A${inside} ${inside} 0 0 0 ${at(slot, inside)}Z`;
}

const hands = new Map(), dots = new Map();

function drawRings() {
  const drawing = $("rings");
  for (const [level] of run.levels) {
    const outside = outer(level), inside = outside - ring;
    let ticks = "";
    for (let slot = 0; slot < SLOTS; slot++) ticks += `M${at(slot, inside)}L${at(slot, inside + (slot % 16 ? 3 : ring))}`;
    hands.set(level, svg("path", { class: "hand" }));
    drawing.append(
      svg("text", { x: -5, y: ring / 2 - outside }, level),
      svg("circle", { class: "ring", r: outside }), svg("path", { class: "ticks", d: ticks }), hands.get(level),
      svg("path", { class: "slot", id: `slot-${level}` }));
  }
  drawing.append(svg("circle", { class: "ring hub", r: run.levels.length ? outer(run.levels.at(-1)[0]) - ring : HUB }),
    svg("path", { class: "trail", id: "trails" }));
}

let shownWheel = "";
function showWheel(step) {
  showSlot(step.subject);
  if (shownWheel === `${step.wheel} ${step.wheelBefore}`) return;
  shownWheel = `${step.wheel} ${step.wheelBefore}`;
  const { time, hands: slots, timers } = wheelOf(step.wheel);
  run.levels.forEach(([level], i) =>
    hands.get(level).setAttribute("d", slotPath(slots[i], outer(level) - ring, outer(level))));
  timers.sort((a, b) => a.deadline - b.deadline);
  showDots(timers, step.wheelBefore === step.wheel ? null : wheelOf(step.wheelBefore).timers);
  showAlarms(timers);
  const count = timers.length === 1 ? "1 timer" : `${timers.length} timers`;
  $("wheel-time").textContent = `stands at ${time}; ${count}`;
  $("rings").setAttribute("aria-label", `The timer wheel, ${count}`);
}

// The slot that a cascade empties.
function showSlot(subject) {
  for (const [level] of run.levels) {
    const slot = subject && subject.key.startsWith(`s${level}.`) ? Number(subject.key.split(".")[1]) : -1;
    $(`slot-${level}`).setAttribute("d", slot < 0 ? "" : slotPath(slot, outer(level) - ring, outer(level)));
  }
}

// Where each timer lies: those of one slot share its length.
function places(timers) {
  const inSlot = Map.groupBy(timers, timer => `${timer.level}.${timer.slot}`);
  return new Map([...inSlot.values()].flatMap(others => others.map((timer, i) => {
    const share = (i + 1) / (others.length + 1);
    return [timer.key, timer.level < 0
      ? point(share * SLOTS, others.length > 1 ? HUB / 2 : 0)
      : point(timer.slot + 0.5, outer(timer.level) - ring * (1 - share))];
  })));
}

// `before` are the timers one step before, if anything has changed: who lies in another slot now has moved.
function showDots(timers, before) {
  const now = places(timers), then = before ? places(before.sort((a, b) => a.deadline - b.deadline)) : new Map();
  const slotThen = new Map((before ?? []).map(timer => [timer.key, `${timer.level}.${timer.slot}`]));
  let trails = "";
  for (const { key, level, slot } of timers) {
    if (!dots.has(key)) {
      const dot = svg("circle", { class: "dot", "data-key": key });
      dots.set(key, dot);
      $("rings").append(dot);
    }
    const dot = dots.get(key), [x, y] = now.get(key);
    const moved = slotThen.has(key) && slotThen.get(key) !== `${level}.${slot}`;
    dot.classList.toggle("moved", moved);
    dot.style.transform = `translate(${x.toFixed(2)}px, ${y.toFixed(2)}px)`;
    if (moved) trails += `M${then.get(key).map(z => z.toFixed(2)).join(" ")}L${x.toFixed(2)} ${y.toFixed(2)}`;
  }
  $("trails").setAttribute("d", trails);
  for (const [key, dot] of dots) {
    if (now.has(key)) continue;
    dot.remove();
    dots.delete(key);
  }
}

// The same as a table, for who can't see the drawing, and for who wants to know exactly.
function showAlarms(timers) {
  const level = ([number, width]) => element("li", {}, element("b", {}, `level ${number}`), `a slot is ${width}`);
  const cells = (tag, ...texts) => texts.map(text => element(tag, {}, text));
  const row = ({ key, name, level, slot, due, whom }) => element("tr", { "data-key": key },
    ...cells("td", name, due, ...level < 0 ? ["due", "now"] : [level, slot], whom ? whom.name : ""));
  const table = element("table", {}, element("tr", {}, ...cells("th", "timer", "due", "level", "slot", "wakes")),
    ...timers.slice(0, MOST).map(row));
  $("alarms").replaceChildren(element("ol", { "aria-label": "Levels, outermost first" }, ...run.levels.map(level)), table);
}
