// The list of all steps. Only the rows that can be seen exist, so that a run may be as long as it likes.

const ROW = 22;
let listTop = 0, listHeight = 0;

function showRows() {
  const first = Math.max(1, Math.floor(listTop / ROW) - 5);
  const final = Math.min(last, first + Math.ceil(listHeight / ROW) + 12);
  const made = [];
  for (let n = first; n <= final; n++) {
    const [, pass, kind, sentence] = run.steps[n - 1];
    const opens = n > 1 && run.steps[n - 2][1] !== pass;
    const link = element("a", { href: `#step=${n}`, tabindex: -1, "aria-current": n === current && "step" },
      element("b", {}, n), element("i", {}, run.kinds[kind]), run.sentences[sentence]);
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
    listTop = Math.min(most, Math.max(0, top - (listHeight - ROW) / 2));
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
