// The article. A quote is highlighted by its character offsets, never by searching for its words:
// the same sentence may stand there twice. `element` and `server` are Gradio's.
const scroll = element.querySelector(".scroll");
const back = element.querySelector(".back");
const choice = element.querySelector(".choice select");
const phone = matchMedia("(max-width: 760px)");
let from = null; // the button that asked for the highlight; null when an answer did

// Offsets count characters as the server does; a script's strings count an emoji as two.
function unitsIn(text, characters) {
  return [...text].slice(0, characters).join("").length;
}

function clear() {
  for (const mark of scroll.querySelectorAll("mark")) {
    const paragraph = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    paragraph.normalize();
  }
  back.hidden = true;
}

// An article comes when it is first wanted, and stays. The one wanted last is shown, whichever comes last.
let wanted = null;
async function open(id) {
  wanted = id;
  const here = () => [...scroll.children].find((each) => each.dataset.article === id);
  if (!here()) {
    const html = await server.article(id);
    if (!here()) scroll.insertAdjacentHTML("beforeend", html);
  }
  if (wanted !== id) return null;
  for (const article of scroll.children) article.hidden = article.dataset.article !== id;
  if (choice) choice.value = id;
  return here() ?? null;
}

async function highlight({ article, start, end }) {
  clear();
  for (const paragraph of (await open(article))?.querySelectorAll("[data-start]") ?? []) {
    const text = paragraph.textContent;
    const at = Number(paragraph.dataset.start);
    const first = Math.max(start - at, 0);
    const last = Math.min(end - at, [...text].length);
    if (first >= last) continue;
    const range = document.createRange();
    range.setStart(paragraph.firstChild, unitsIn(text, first));
    range.setEnd(paragraph.firstChild, unitsIn(text, last));
    range.surroundContents(document.createElement("mark"));
  }
  return scroll.querySelector("mark");
}

async function show(place) {
  const mark = await highlight(place);
  if (!mark) return;
  from = place.from ?? null;
  // An answer that has just come must not be scrolled away from on a phone, where the article
  // stands below it.
  if (phone.matches && !from) return;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  if (phone.matches) mark.scrollIntoView({ block: "center", behavior });
  else {
    const above = mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    scroll.scrollTo({ top: scroll.scrollTop + above - scroll.clientHeight / 3, behavior });
  }
  if (!from) return;
  back.hidden = false;
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
}

function goBack() {
  back.hidden = true;
  from?.scrollIntoView({ block: "center" });
  from?.focus({ preventScroll: true });
}

document.addEventListener("onrecord:show", (event) => show(event.detail));
document.addEventListener("onrecord:clear", clear);
back.addEventListener("click", goBack);
element.addEventListener("keydown", (event) => event.key === "Escape" && !back.hidden && goBack());
choice?.addEventListener("change", async () => {
  clear();
  await open(choice.value);
  scroll.scrollTo({ top: 0 });
});
