// The box: a question, what it may be completed to, and what it is narrowed down to.
// `element` and `server` are Gradio's.
const { made, tell, hear, got, phone } = onrecord;
const form = element.querySelector(".box");
const box = element.querySelector("textarea");
const list = element.querySelector("[role=listbox]");
const notices = element.querySelector(".notices");
const narrow = element.querySelector(".narrow");
const most = Number(box.dataset.most);

function told(line) {
  notices.replaceChildren(...(line ? [made("p", { className: "notice" }, line)] : []));
}

function submit() {
  const question = box.value;
  const length = [...question].length;
  hide();
  if (!question.trim()) return told("The question is empty; expected a sentence or a few keywords.");
  if (length > most)
    return told(`The question has ${length.toLocaleString("en")} characters; expected at most ${most.toLocaleString("en")}: shorten it.`);
  told("");
  box.value = "";
  grow();
  tell("ask", { question, chosen: onrecord.chosen() });
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

// --- completions ------------------------------------------------------------------------------------

let shown = [];
let at = -1;
let timer = null;
let typed = 0;

function hide() {
  clearTimeout(timer);
  typed += 1;
  shown = [];
  at = -1;
  list.hidden = true;
  list.replaceChildren();
  box.removeAttribute("aria-activedescendant");
}

function draw() {
  list.replaceChildren(
    ...shown.map(({ words, kind }, number) => {
      const option = made("li", { role: "option", id: `completion-${number}`, dir: "auto", className: kind }, words);
      option.setAttribute("aria-selected", String(number === at));
      // Pressed, not clicked: the box keeps the focus.
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(number);
      });
      return option;
    }),
  );
  list.hidden = !shown.length;
  if (at >= 0) box.setAttribute("aria-activedescendant", `completion-${at}`);
  else box.removeAttribute("aria-activedescendant");
}

// How much of the words stands at the end of the box already: "Keith Mi" of "Keith Mines".
function begun(words) {
  const text = box.value.toLowerCase();
  for (let length = Math.min(words.length, text.length); length > 0; length -= 1) {
    const before = text[text.length - length - 1];
    if ((before === undefined || /\s/.test(before)) && words.toLowerCase().startsWith(text.slice(-length))) return length;
  }
  return /\S*$/.exec(text)[0].length;
}

function take(number) {
  const { words, kind } = shown[number];
  box.value = kind === "question" ? words : `${box.value.slice(0, box.value.length - begun(words))}${words} `;
  hide();
  grow();
  box.focus();
}

box.addEventListener("input", () => {
  grow();
  if (notices.firstChild) told("");
  clearTimeout(timer);
  const mine = ++typed;
  const text = box.value;
  if (text.trim().length < 2 || box.selectionEnd !== text.length) return hide();
  timer = setTimeout(async () => {
    const found = await got(server.complete(text), []);
    if (mine !== typed) return;
    shown = found;
    at = -1;
    draw();
  }, 120);
});

box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (shown.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    at = at < 0 && step < 0 ? shown.length - 1 : at + step;
    if (at >= shown.length || at < 0) at = -1;
    draw();
  } else if (event.key === "Escape" && shown.length) {
    event.stopPropagation();
    hide();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (at >= 0) take(at);
    else submit();
  }
});
box.addEventListener("blur", hide);

// --- what a question is narrowed down to --------------------------------------------------------------

const fields = () => [...narrow.querySelectorAll("select, input")];

onrecord.chosen = () =>
  Object.fromEntries(fields().map((each) => [each.name, each.value.trim()]).filter(([, value]) => value));

// A long list is searched on the server while one types.
narrow.addEventListener("input", async (event) => {
  const among = event.target.list;
  if (!among) return;
  const words = event.target.value;
  const found = await got(server.among({ name: event.target.name, words }), []);
  if (event.target.value !== words) return; // an answer that was overtaken
  among.replaceChildren(...found.map(([value, label]) => made("option", { value, label })));
});

hear("only", ({ article, title }) => {
  const field = fields().find((each) => each.name === "article");
  if (!field) return;
  field.value = article;
  field.closest("details")?.setAttribute("open", "");
  told("");
  notices.append(made("p", { className: "noted" }, `Only “${title}” is asked now.`));
  box.focus();
});

// On a phone it would stand in the way of the answer.
hear("clear", () => {
  if (phone.matches) narrow.querySelector("details")?.removeAttribute("open");
});
hear("focus", () => box.focus({ preventScroll: true }));

// A link may name what it is narrowed down to.
const query = new URLSearchParams(location.search);
for (const field of fields()) if (query.get(field.name)) field.value = query.get(field.name);

// Not `autofocus`: on a phone that scrolls the page and raises the keyboard.
if (!phone.matches && !document.documentElement.matches(".embed")) box.focus({ preventScroll: true });
