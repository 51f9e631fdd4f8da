// The article. A quote is highlighted by its character offsets, never by searching for its words:
// the same sentence may stand there twice. `element` and `server` are Gradio's.
const { tell, hear, phone } = onrecord;
const scroll = element.querySelector(".scroll");
const back = element.querySelector(".back");
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
    const html = await onrecord.got(server.article(id), "");
    if (!html) return null;
    if (!here()) scroll.insertAdjacentHTML("beforeend", html);
  }
  if (wanted !== id) return null;
  const before = shown();
  for (const article of scroll.children) article.hidden = article.dataset.article !== id;
  if (here() && here() !== before) opened(here());
  return here() ?? null;
}

function opened(article) {
  element.querySelector(".which").textContent = article.dataset.called;
  tell("opened", article.dataset.article);
}

const shown = () => [...scroll.children].find((each) => !each.hidden);

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

onrecord.bring = (node, calm = onrecord.behavior()) => {
  if (phone.matches) return node.scrollIntoView({ block: "center", behavior: calm });
  const above = node.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTo({ top: scroll.scrollTop + above - scroll.clientHeight / 3, behavior: calm });
};

async function show(place) {
  const mark = await highlight(place);
  if (!mark) return;
  mark.closest("details")?.setAttribute("open", "");
  from = place.from ?? null;
  // An answer that has just come must not be scrolled away from on a phone, where the article
  // stands below it.
  if (phone.matches && !from && !place.bring) return;
  onrecord.bring(mark);
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

element.querySelector(".which").textContent = shown().dataset.called;

hear("show", show);
hear("clear", clear);
hear("open", async (id) => {
  clear();
  if ((await open(id)) && !phone.matches) scroll.scrollTo({ top: 0 });
});
back.addEventListener("click", goBack);
element.addEventListener("keydown", (event) => event.key === "Escape" && !back.hidden && goBack());

// The interviewer's questions lead to their places.
element.addEventListener("click", (event) => {
  const to = event.target.closest(".to");
  if (!to) return;
  const heading = shown()?.querySelector(`[data-start="${to.dataset.to}"]`);
  if (!heading) return;
  onrecord.bring(heading);
  heading.focus({ preventScroll: true });
});

// A link to a quote: its article, its place, and the version of the text that it was cut from.
const linked = /^(.+):(\d+)-(\d+):([0-9a-f]{12})$/s.exec(new URLSearchParams(location.search).get("quote") ?? "");
if (linked) {
  const [, article, start, end, version] = linked;
  open(article).then((there) => {
    if (there?.dataset.version.startsWith(version))
      show({ article, start: Number(start), end: Number(end), bring: true });
  });
}
