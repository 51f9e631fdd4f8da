// The conversation. The server sends one turn at a time, {turn, html, say, show}: a turn that is
// already there is replaced, a new one is added, so earlier turns keep their place and selection.
// `element`, `props`, `trigger` and `watch` are Gradio's.
const log = element.querySelector(".log");
const said = element.querySelector(".said");
const phone = matchMedia("(max-width: 760px)");

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`onrecord:${name}`, { detail }));
}

function put(value) {
  if (!value) return;
  let turn = [...log.children].find((each) => each.dataset.turn === String(value.turn));
  if (!turn) {
    turn = document.createElement("section");
    turn.className = "exchange";
    turn.dataset.turn = value.turn;
    log.append(turn);
    if (value.turn) {
      tell("clear");
      log.querySelector(".start details")?.removeAttribute("open");
    }
  }
  turn.innerHTML = value.html;
  styled(turn);
  pinned();
  said.textContent = value.say;
  if (value.turn) bring(turn);
  if (value.show) tell("show", value.show);
}

// On a phone the page scrolls, elsewhere the conversation does.
function bring(turn) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  if (phone.matches) turn.scrollIntoView({ block: "start", behavior });
  else log.scrollTo({ top: turn.offsetTop - 8, behavior });
}

async function copy(button) {
  const quote = button.closest(".card").querySelector("blockquote");
  const done = await copied(quote.textContent);
  if (!done) getSelection().selectAllChildren(quote);
  answer(button, done ? "Copied" : "Selected: press Ctrl+C");
}

// The server cuts the quote anew and cites it; italics go along for Word and Google Docs.
async function cite(button) {
  const style = button.parentNode.querySelector(".style").value;
  const made = await server.cite({ quote: button.dataset.quote, style });
  if (made.error) return answer(button, made.error);
  answer(button, (await copied(made.text, made.html)) ? "Copied" : "The browser refused to copy");
}

function answer(button, words) {
  const label = (button.dataset.label ??= button.textContent);
  button.textContent = said.textContent = words;
  setTimeout(() => (button.textContent = label), 1800);
}

// A browser may refuse the clipboard; the older way needs a text field, and may be refused too.
async function copied(text, html) {
  const as = (words, type) => new Blob([words], { type });
  try {
    if (html) {
      const kinds = { "text/plain": as(text, "text/plain"), "text/html": as(html, "text/html") };
      await navigator.clipboard.write([new ClipboardItem(kinds)]);
    } else await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const put = (event) => {
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
      event.preventDefault();
    };
    document.addEventListener("copy", put, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", put);
    return done;
  }
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".cite")) cite(button);
  if (button.matches(".pin")) tell("pin", button.dataset.quote);
  if (button.matches(".chip")) trigger("submit", { question: button.textContent });
  if (button.matches(".copy")) copy(button);
  if (button.matches(".show")) {
    const { article, start, end } = button.dataset;
    tell("show", { article, start: Number(start), end: Number(end), from: button });
  }
});

// The style that was chosen last is everybody's, also after a reload.
const STYLE = "onrecord:style";
function chosen() {
  try {
    return localStorage.getItem(STYLE);
  } catch {
    return null;
  }
}
function styled(within) {
  const style = chosen();
  for (const each of within.querySelectorAll("select.style"))
    if ([...each.options].some((option) => option.value === style)) each.value = style;
}
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("select.style")) return;
  try {
    localStorage.setItem(STYLE, event.target.value);
  } catch {
    // a browser that keeps nothing: each choice counts where it was made
  }
  styled(document);
});

// Which quotes are pinned is the brief's to know.
let pins = [];
function pinned() {
  for (const button of log.querySelectorAll(".pin")) {
    const on = pins.includes(button.dataset.quote);
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Pinned" : "Pin";
  }
}
document.addEventListener("onrecord:pins", (event) => {
  pins = event.detail;
  pinned();
});

// Not Gradio's `autofocus`: on a phone that scrolls the page and raises the keyboard. The box is
// drawn a little after the conversation.
function focusBox(tries) {
  const box = document.querySelector("#box textarea");
  if (box) box.focus({ preventScroll: true });
  else if (tries) setTimeout(focusBox, 50, tries - 1);
}
if (!phone.matches) focusBox(40);

styled(document);
tell("asks-pins");
put(props.value);
watch("value", () => put(props.value));
