// The list of all steps. Only the rows that can be seen exist, so that a run may be as long as it likes.

const ROW = 22;
let listTop = 0, listHeight = 0;

function showRows() {
  const first = Math.max(1, Math.floor(listTop / ROW) - 5);
  const final = Math.min(last, first + Math.ceil(listHeight / ROW) + 12);
  const made = [];
  for (let n = first; n <= final; n++) {
    const [time, pass, kind, sentence, actor, subject] = run.steps[n - 1];
    const before = n > 1 ? run.steps[n - 2] : [];
    const opens = n > 1 && before[1] !== pass;
    const whom = subject >= 0 && subject !== actor ? ` → ${thing(subject).name}` : "";
    const link = element("a", { href: `#step=${n}`, tabindex: -1, "aria-current": n === current && "step" },
      element("b", {}, n), element("i", {}, run.kinds[kind]),
      element("span", {}, thing(actor).name + whom), before[0] === time ? "" : element("em", {}, run.times[time]));
    const title = `pass ${pass}: ${run.sentences[sentence]}`;
    made.push(element("li", { class: opens && "pass", style: `top:${(n - 1) * ROW}px`, title }, link));
  }
  $("rows").replaceChildren(...made);
}

// Brings a step into sight, in the middle if it was not there.
function showInList(n) {
  const top = (n - 1) * ROW;
  if (top < listTop + ROW || top + 2 * ROW > listTop + listHeight) {
    const most = Math.max(0, last * ROW - listHeight);
    listTop = Math.min(most, Math.max(0, top - Math.floor(listHeight / ROW / 2) * ROW));
  }
  showRows();
  scrollLater($("list"), () => listTop);
}

function setUpList() {
  const list = $("list");
  listHeight = list.clientHeight;
  $("rows").style.height = `${last * ROW}px`;
  list.addEventListener("scroll", () => {
    if (Math.abs(list.scrollTop - listTop) < 1) return; // that was us
    listTop = list.scrollTop;
    showRows();
  }, { passive: true });
}
