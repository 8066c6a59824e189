// The run, as the program wrote it down. Everything here looks numbers up in tables; nothing is worked out.
// What the columns are is said where they are written, in run.rs.

const run = JSON.parse(document.getElementById("run").textContent);
const last = run.steps.length;

const rows = list => run.lists[list].flatMap(block => run.blocks[block]);
const windowOf = (log, start, length) => run.logs[log].slice(start, start + length);
const thing = number => number < 0 ? null : { key: run.things[number][0], name: run.things[number][1] };
const place = (file, line) => file < 0 ? null : { file, name: run.files[file][0], line: Math.abs(line), waits: line < 0 };

function card(number) {
  const [key, name, state, doing, holder, polls, wakes, line] = run.cards[number];
  return { key, name, state, doing, holder, polls, wakes, line };
}

function readyQueue(number) {
  const [start, length, left] = run.ready[number];
  const entries = windowOf(0, start, length).map(entry => {
    const [key, way, what] = run.entries[entry];
    return { key, way, what };
  });
  return { now: entries.slice(0, left), next: entries.slice(left) };
}

function queue(number) {
  const [key, name, maxsize, unfinished, closed, ...windows] = run.queues[number];
  const part = i => windowOf(...windows.slice(3 * i, 3 * i + 3));
  const items = part(0).map(item => run.items[item]);
  const [getters, putters, joiners] = [1, 2, 3].map(i => part(i).map(thing));
  return { key, name, maxsize, unfinished, closed, items, getters, putters, joiners };
}

function eventOf(number) {
  const [key, name, set, waiters] = run.events[number];
  return { key, name, set, waiters: waiters.map(thing) };
}

function wheelOf(number) {
  const [time, hands, list] = run.wheels[number];
  const timers = rows(list).map(timer => {
    const [key, name, level, slot, deadline, due, whom] = run.timers[timer];
    return { key, name, level, slot, deadline, due: run.times[due], whom: thing(whom) };
  });
  return { time: run.times[time], hands, timers };
}

// Whose timer it is that a step is about: one that is disarmed was in the wheel one step before.
function ownerOf(what, ...wheels) {
  if (!what || what.key[0] !== "m") return null;
  const timers = wheels.filter(wheel => wheel !== undefined).flatMap(wheel => wheelOf(wheel).timers);
  return timers.find(timer => timer.key === what.key)?.whom ?? null;
}

// Step `n`, counted from 1, with the state after it.
function stepOf(n) {
  const [time, pass, kind, sentence, actor, subject, userFile, userLine, file, line,
    tasks, ready, queues, wheel, printed, events] = run.steps[n - 1];
  const before = n > 1 ? run.steps[n - 2] : [];
  const what = thing(subject);
  return {
    n, pass, time: run.times[time], kind: run.kinds[kind], sentence: run.sentences[sentence],
    actor: thing(actor), subject: what, owner: ownerOf(what, wheel, before[13]),
    user: place(userFile, userLine), executor: place(file, line),
    tasks, ready, queues, wheel, events, printed, printedBefore: before[14] ?? 0, wheelBefore: before[13] ?? wheel,
  };
}
