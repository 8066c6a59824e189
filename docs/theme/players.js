// What the players of the book need: they follow the text, and its theme. Without this they are there all the same.
// (The name: a `book.js` here would stand in for mdBook's own.)
"use strict";

(() => {
  const players = [...document.querySelectorAll("iframe.player")];

  // The player keeps its own light and dark: it can't see the reader's choice from within its frame.
  const DARK = ["navy", "coal", "ayu"];
  function sendTheme(player) {
    const isDark = DARK.some(theme => document.documentElement.classList.contains(theme));
    // To "*": a page that was opened from the disk has no origin that could be named.
    player.contentWindow.postMessage({ theme: isDark ? "dark" : "light" }, "*");
  }
  for (const player of players) {
    player.addEventListener("load", () => sendTheme(player));
    sendTheme(player); // it may have been loaded before this script
  }
  new MutationObserver(() => players.forEach(sendTheme))
    .observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });

  // A step is one of the player that the reader has seen last.
  function playerFor(node) {
    const isAbove = player => player.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
    return players.findLast(isAbove) ?? players[0];
  }

  function show(player, step) {
    player.scrollIntoView({ block: "nearest" });
    // `replace` may be called on a page from the disk, whose `location.hash` can't be set from here. And the way back
    // leads to the page before, not through the steps.
    player.contentWindow.location.replace(`${player.src.split("#")[0]}#step=${step}`);
  }

  function link(text, step, player) {
    const a = document.createElement("a");
    a.className = "step";
    a.href = `${player.src.split(/[?#]/)[0]}#step=${step}`;
    a.textContent = text;
    a.addEventListener("click", event => {
      // With a key held down the reader wants another tab.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      show(player, step);
    });
    return a;
  }

  // "step 16", "steps 30 to 32", "steps 10, 16, 27 and 35": each number is a link, the first one with its word.
  const STEPS = /\bsteps\s+\d+(?:(?:,|,?\s+(?:to|and|or))\s+\d+\b)*|\bstep\s+\d+\b/gi;
  const ONE = /(?:steps?\s+)?(\d+)/gi;
  function withLinks(node) {
    const player = playerFor(node);
    const pieces = [];
    let end = 0;
    for (const found of node.data.matchAll(STEPS)) {
      for (const one of found[0].matchAll(ONE)) {
        const step = Number(one[1]);
        if (step < 1 || step > Number(player.dataset.steps)) continue;
        const at = found.index + one.index;
        pieces.push(node.data.slice(end, at), link(one[0], step, player));
        end = at + one[0].length;
      }
    }
    if (end > 0) node.replaceWith(...pieces, node.data.slice(end));
  }

  // The page for the printer has all chapters, and a step's player might be another chapter's.
  if (players.length === 0 || location.pathname.endsWith("/print.html")) return;
  const prose = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT,
    node => node.parentElement.closest("pre, code, a, h1, h2, h3, h4") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const texts = [];
  while (prose.nextNode()) texts.push(prose.currentNode);
  texts.forEach(withLinks);
})();
