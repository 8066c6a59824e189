// The two sources, whole files, each with the line that did it in the middle.

const KEYWORDS = "as async await break const continue crate else enum fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true false type unsafe use where while".split(" ");
const TOKENS = new RegExp(String.raw`(\/\/.*$)|("(?:[^"\\]|\\.)*")|\b(${KEYWORDS.join("|")})\b`, "g");

// A line of Rust, its comments, strings and keywords set off.
function coloured(line) {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(TOKENS)) {
    const [text, comment, string] = match;
    parts.push(line.slice(end, match.index), element("span", { class: comment ? "comment" : string ? "string" : "keyword" }, text));
    end = match.index + text.length;
  }
  return [...parts, line.slice(end)];
}

// A file is laid out once and kept.
const laidOut = new Map();
function fileElement(side, file) {
  const key = `${side} ${file}`;
  if (!laidOut.has(key)) {
    const text = run.files[file][1];
    const lines = text === null ? [] : text.replace(/\n$/, "").split("\n");
    const colour = run.files[file][0].endsWith(".rs") ? coloured : line => [line];
    laidOut.set(key, element("ol", {}, ...lines.map(line => element("li", {}, ...colour(line)))));
  }
  return laidOut.get(key);
}

function showCode(side, place, none) {
  const box = $(`${side}-code`);
  $(`${side}-place`).textContent = place ? `${place.waits ? "the task waits at " : ""}${place.name}:${place.line}` : "";
  box.querySelector(".here")?.classList.remove("here", "waits");
  if (!place) return box.replaceChildren(element("p", {}, none));
  const file = fileElement(side, place.file);
  if (box.firstChild !== file) box.replaceChildren(file);
  const line = file.children[place.line - 1];
  if (!line) return;
  line.classList.add("here");
  line.classList.toggle("waits", place.waits);
  scrollLater(box, () => line.offsetTop - Math.floor((box.clientHeight / line.offsetHeight - 1) / 2) * line.offsetHeight);
}
