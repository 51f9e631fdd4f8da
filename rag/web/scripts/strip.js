// How near each sentence of the article comes to the question asked last. One slider, since a link for
// each sentence would be too small to press and too many to step through.
const { made, tell, hear, got } = onrecord;
const strip = element.querySelector(".strip");
let asked = null;
let article = null;
let sentences = []; // [start, end, who, nearness]
let at = 0;

// From here on a sentence is worth a look.
const SOMEWHAT = 0.33;

function nearness(value) {
  return value >= 0.66 ? "near" : value >= SOMEWHAT ? "somewhat near" : "not near";
}

function words([start, end]) {
  for (const paragraph of element.querySelectorAll(".article:not([hidden]) [data-start]")) {
    const from = Number(paragraph.dataset.start);
    const text = [...paragraph.textContent];
    if (from <= start && start < from + text.length) return text.slice(start - from, end - from).join("");
  }
  return "";
}

function tellWhere() {
  const sentence = sentences[at];
  const who = sentence[2] ? `${sentence[2]}: ` : "";
  strip.setAttribute("aria-valuenow", String(at + 1));
  strip.setAttribute("aria-valuetext", `Sentence ${at + 1} of ${sentences.length}, ${nearness(sentence[3])}. ${who}${words(sentence)}`);
  strip.querySelector(".here")?.classList.remove("here");
  strip.children[at]?.classList.add("here");
}

function go(to) {
  at = Math.max(0, Math.min(sentences.length - 1, to));
  tellWhere();
  const [start, end] = sentences[at];
  tell("show", { article, start, end, bring: true });
}

async function draw() {
  if (!asked || !article) return;
  const mine = { asked, article };
  const found = await got(server.relevance({ ...asked, article }), { sentences: [] });
  if (mine.asked !== asked || mine.article !== article) return;
  sentences = found.sentences;
  strip.hidden = !sentences.some((each) => each[3] >= SOMEWHAT);
  strip.classList.toggle("dense", sentences.length > 120);
  if (strip.hidden) return;
  strip.replaceChildren(
    ...sentences.map(([, , , value]) => {
      const bar = made("i", {});
      bar.style.setProperty("--near", value);
      return bar;
    }),
  );
  strip.setAttribute("aria-valuemax", String(sentences.length));
  at = sentences.reduce((top, each, number) => (each[3] > sentences[top][3] ? number : top), 0);
  tellWhere();
}

hear("answered", (turn) => {
  asked = { question: turn.question, history: turn.history };
  article = turn.article ?? element.querySelector(".article:not([hidden])")?.dataset.article;
  draw();
});
hear("opened", (id) => {
  article = id;
  draw();
});
hear("clear", () => {
  strip.hidden = true;
  asked = null;
});

const nearer = (step) => {
  for (let to = at + step; to >= 0 && to < sentences.length; to += step) if (sentences[to][3] >= SOMEWHAT) return to;
  return at;
};
strip.addEventListener("keydown", (event) => {
  const to = {
    ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1,
    Home: 0, End: sentences.length - 1, PageDown: nearer(1), PageUp: nearer(-1),
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  go(to);
});

function pointed(event) {
  const left = strip.firstElementChild.getBoundingClientRect().left;
  const width = strip.lastElementChild.getBoundingClientRect().right - left;
  const to = Math.max(0, Math.min(sentences.length - 1, Math.floor(((event.clientX - left) / width) * sentences.length)));
  if (to !== at || event.type === "pointerdown") go(to);
}
strip.addEventListener("pointerdown", (event) => {
  strip.setPointerCapture(event.pointerId);
  strip.focus({ preventScroll: true });
  pointed(event);
});
strip.addEventListener("pointermove", (event) => strip.hasPointerCapture(event.pointerId) && pointed(event));
