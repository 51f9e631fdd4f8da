// Find in the article. Places are painted over the text (a highlight of the browser's own), so that what
// is quoted there keeps its mark. Small and large letters, accents and typographic marks are all one.
const { hear } = onrecord;
const bar = element.querySelector(".find");
const input = bar.querySelector("input");
const count = bar.querySelector(".count");
const [previous, next] = bar.querySelectorAll("button");
const scroll = element.querySelector(".scroll");
const paints = "highlights" in CSS;
let places = [];
let at = -1;

const MARKS = { "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " " };
const folded = (char) => (MARKS[char] ?? char.normalize("NFD").replace(/\p{M}/gu, "")).toLowerCase();

// The text folded, and for each of its units the unit of the text that it came from.
function fold(text) {
  let plain = "";
  const origin = [];
  let unit = 0;
  for (const char of text) {
    const put = folded(char);
    for (let n = 0; n < put.length; n += 1) origin.push(unit);
    plain += put;
    unit += char.length;
  }
  origin.push(unit);
  return { plain, origin };
}

function search() {
  places = [];
  const words = fold(input.value.trim()).plain;
  if (words) {
    const article = [...scroll.children].find((each) => !each.hidden);
    const walker = document.createTreeWalker(article ?? scroll, NodeFilter.SHOW_TEXT);
    // A mark parts a paragraph's text, so whole paragraphs are searched, not single nodes.
    const blocks = new Map();
    while (walker.nextNode()) {
      const block = walker.currentNode.parentElement.closest("[data-start]");
      if (block) blocks.set(block, [...(blocks.get(block) ?? []), walker.currentNode]);
    }
    for (const nodes of blocks.values()) {
      const { plain, origin } = fold(nodes.map((node) => node.data).join(""));
      for (let from = plain.indexOf(words); from >= 0; from = plain.indexOf(words, from + words.length))
        places.push(range(nodes, origin[from], origin[from + words.length]));
    }
  }
  at = -1;
  for (const button of [previous, next]) button.disabled = !places.length;
  count.textContent = words ? (places.length ? `${places.length} ${places.length === 1 ? "place" : "places"}` : "not found") : "";
  paint();
}

function range(nodes, start, end) {
  const found = document.createRange();
  let begun = 0;
  for (const node of nodes) {
    const stop = begun + node.length;
    if (start >= begun && start < stop) found.setStart(node, start - begun);
    if (end > begun && end <= stop) found.setEnd(node, end - begun);
    begun = stop;
  }
  return found;
}

function paint() {
  if (!paints) return;
  if (!places.length) {
    CSS.highlights.delete("found");
    CSS.highlights.delete("found-now");
    return;
  }
  CSS.highlights.set("found", new Highlight(...places));
  if (at >= 0) CSS.highlights.set("found-now", new Highlight(places[at]));
  else CSS.highlights.delete("found-now");
}

function go(step) {
  if (!places.length) return;
  at = at < 0 ? (step > 0 ? 0 : places.length - 1) : (at + step + places.length) % places.length;
  count.textContent = `${at + 1} of ${places.length}`;
  const node = places[at].startContainer.parentElement;
  node.closest("details")?.setAttribute("open", "");
  paint();
  const box = places[at].getBoundingClientRect();
  const behavior = onrecord.behavior();
  if (onrecord.phone.matches) scrollBy({ top: box.top - innerHeight / 3, behavior });
  else scroll.scrollBy({ top: box.top - scroll.getBoundingClientRect().top - scroll.clientHeight / 3, behavior });
}

input.addEventListener("input", search);
input.addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  }
  if (event.key === "Escape" && input.value) {
    event.stopPropagation();
    input.value = "";
    search();
  }
});
previous.addEventListener("click", () => go(-1));
next.addEventListener("click", () => go(1));
// Marks come and go with answers, and take the places' nodes along.
for (const name of ["opened", "show", "clear"]) hear(name, () => input.value && setTimeout(search, 60));
