// The conversation. The browser keeps the questions; every answer is asked of the server, also after a
// reload, so that a quote is always cut from the stored text. `element` and `server` are Gradio's.
const { made, tell, hear, got, kept, keep, copied, phone } = onrecord;
const log = element.querySelector(".log");
const start = element.querySelector(".start");
const said = element.querySelector(".said");
const whole = element.querySelector(".whole");
const undone = element.querySelector(".undone");
const REMEMBERED = 20; // the server leans on no more
const MOST = 200;
const GONE = { error: "the server could not be reached" };

let turns = []; // {question, chosen, alone, asked, node}
let before = null; // the conversation that a new one took the place of

const plain = ({ question, chosen, alone }) => ({ question, chosen, alone });
const isTurn = (each) => typeof each?.question === "string" && each.question.trim();

function remember() {
  keep("talk", turns.length ? turns.slice(-MOST).map(plain) : null);
  whole.hidden = !turns.length;
}

// The questions that a turn can lean on: from the last one on that was asked for itself.
function history(at) {
  const earlier = [];
  for (const turn of turns.slice(0, at).reverse()) {
    if (turn.asked !== false) earlier.unshift(turn.question);
    if (turn.alone) break;
  }
  return earlier.slice(-REMEMBERED);
}

function payload(turn) {
  const at = turns.indexOf(turn);
  return { question: turn.question, history: turn.alone ? [] : history(at), chosen: turn.chosen ?? {} };
}

function placed(turn) {
  const heading = made("h2", { className: "question", tabIndex: -1 }, made("span", { className: "unseen" }, "You asked: "), made("span", { dir: "auto" }, turn.question.trim()));
  turn.node = made("section", { className: "exchange" }, heading);
  wait(turn);
  log.append(turn.node);
}

function wait(turn) {
  const line = made("p", { className: "ours waiting" }, log.dataset.looking);
  turn.node.querySelector(".reply, .ours")?.remove();
  turn.node.append(line);
  setTimeout(() => {
    if (line.isConnected) line.textContent = log.dataset.waiting;
  }, 1500);
}

// Answers come in the order in which they were asked, since each may lean on the one before.
let line = Promise.resolve();
function ask(turn, quiet) {
  const mine = turns;
  line = line.then(async () => {
    if (mine !== turns) return; // a new conversation has begun
    let reply;
    try {
      reply = await got(server.ask(payload(turn)));
    } catch {
      reply = null;
    }
    if (mine !== turns) return;
    put(turn, reply, quiet);
  });
  return line;
}

function put(turn, reply, quiet) {
  turn.node.querySelector(".waiting")?.remove();
  if (!reply) {
    turn.asked = false;
    const again = made("button", { type: "button", className: "again" }, "Ask again");
    turn.node.append(made("p", { className: "ours failed" }, "The server could not be reached. ", again));
    said.textContent = "The server could not be reached.";
    return;
  }
  turn.asked = reply.asked;
  if (reply.you) turn.node.querySelector(".question .unseen").textContent = reply.you;
  // The markup is the server's, every text in it escaped.
  turn.node.insertAdjacentHTML("beforeend", reply.html);
  styled(turn.node);
  pinned();
  if (quiet) return;
  said.textContent = reply.say;
  bring(turn.node);
  if (reply.show) tell("show", reply.show);
  tell("answered", { ...payload(turn), article: reply.show?.article ?? null });
}

function submit(question, chosen, alone = false) {
  const turn = { question, chosen, alone };
  undone.hidden = true;
  turns.push(turn);
  placed(turn);
  tell("clear");
  for (const details of start.querySelectorAll("details:not(.promise)")) details.removeAttribute("open");
  settle(turn);
  remember();
  bring(turn.node);
  return ask(turn);
}

// What was pressed may be gone: whoever reads on goes on at the question.
function settle(turn) {
  const at = document.activeElement;
  if (!at || at === document.body || !at.checkVisibility()) turn.node.querySelector(".question").focus({ preventScroll: true });
}

// On a phone the page scrolls, elsewhere the conversation does.
function bring(node) {
  const behavior = onrecord.behavior();
  if (phone.matches) node.scrollIntoView({ block: "start", behavior });
  else log.scrollTo({ top: node.offsetTop - 8, behavior });
}

// --- the whole conversation -------------------------------------------------------------------------

function restart(next) {
  for (const turn of turns) turn.node.remove();
  turns = [];
  tell("clear");
  for (const turn of next) {
    turns.push({ ...turn });
    placed(turns.at(-1));
  }
  remember();
  for (const turn of turns) ask(turn, true);
}

function begin() {
  before = turns.map(plain);
  restart([]);
  undone.firstElementChild.textContent = `The conversation of ${before.length} ${before.length === 1 ? "question" : "questions"} is put aside.`;
  undone.hidden = false;
  start.querySelector("details")?.setAttribute("open", "");
  log.scrollTo({ top: 0 });
  tell("focus");
  said.textContent = undone.firstElementChild.textContent;
}

function undo() {
  undone.hidden = true;
  if (before) restart(before);
  before = null;
  tell("focus");
}

// The link asks the same questions again, in order, of whoever opens it.
function address() {
  const link = new URL(location.pathname, location.href);
  for (const turn of turns) link.searchParams.append("q", turn.question.trim());
  const how = turns.map(({ chosen, alone }) => ({ ...(alone && { alone }), ...(Object.keys(chosen ?? {}).length && { chosen }) }));
  if (how.some((each) => Object.keys(each).length)) link.searchParams.set("as", JSON.stringify(how));
  return link.href;
}

async function take(kind, button) {
  const asked = turns.filter((turn) => turn.asked !== false);
  const style = document.querySelector("#brief select.style")?.value;
  const file = await got(server.keep({ turns: asked.map(payload), kind, style }), GONE);
  if (file.error) return flash(button, file.error);
  onrecord.save(file);
  flash(button, "Saved");
}

// --- what a card can do -----------------------------------------------------------------------------

function flash(button, words) {
  const label = (button.dataset.label ??= button.textContent);
  button.textContent = said.textContent = words;
  setTimeout(() => {
    button.textContent = label;
    pinned();
  }, 1800);
}

const card = (button) => button.closest(".card");

async function copy(button) {
  const quote = card(button).querySelector("blockquote");
  const done = await copied(quote.textContent);
  if (!done) getSelection().selectAllChildren(quote);
  flash(button, done ? button.dataset.done : "Selected: press Ctrl+C");
}

// The server cuts the quote anew and cites it; italics go along for Word and Google Docs.
async function cite(button) {
  const style = button.parentNode.querySelector(".style").value;
  const cited = await got(server.cite({ quote: card(button).dataset.quote, style }), GONE);
  if (cited.error) return flash(button, cited.error);
  flash(button, (await copied(cited.text, cited.html)) ? button.dataset.done : "The browser refused to copy");
}

// The article at the quote's words; where it has no address, this page at the quote.
async function link(button) {
  const own = new URL(location.pathname, location.href);
  own.searchParams.set("quote", card(button).dataset.quote);
  flash(button, (await copied(button.dataset.link || own.href)) ? button.dataset.done : "The browser refused to copy");
}

async function report(button) {
  const turn = turns.find((each) => each.node.contains(button));
  if (!turn) return;
  const flags = button.closest(".flags");
  const fault = { ...payload(turn), quote: card(button).dataset.quote, fault: button.dataset.fault };
  const noted = await got(server.report(fault), GONE);
  const words = noted.error ?? flags.dataset.done;
  flags.replaceChildren(made("span", { tabIndex: -1 }, words));
  flags.firstChild.focus();
  said.textContent = words;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".chip")) submit(button.textContent, onrecord.chosen());
  if (button.matches(".show")) onrecord.show(button);
  if (button.matches(".copy")) copy(button);
  if (button.matches(".cite")) cite(button);
  if (button.matches(".link")) link(button);
  if (button.matches(".pin")) tell("pin", card(button).dataset.quote);
  if (button.matches(".flag")) report(button);
  if (button.matches(".new")) begin();
  if (button.matches(".undo")) undo();
  if (button.matches(".share")) copied(address()).then((done) => flash(button, done ? "Copied" : address()));
  if (button.matches(".keep")) take(button.dataset.kind, button);
  if (button.matches(".print")) print();
  const turn = turns.find((each) => each.node.contains(button));
  if (button.matches(".literally") && turn) {
    // Taken back: the same words, leaning on nothing before them.
    turn.alone = true;
    wait(turn);
    settle(turn);
    remember();
    ask(turn).then(() => turn.node.querySelector(".reply button, .reply summary")?.focus());
  }
  if (button.matches(".again") && turn) {
    wait(turn);
    settle(turn);
    ask(turn);
  }
});

// The style that was chosen last is everybody's, also after a reload.
function styled(within) {
  const style = kept("style");
  for (const each of within.querySelectorAll("select.style"))
    if ([...each.options].some((option) => option.value === style)) each.value = style;
}
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("select.style")) return;
  keep("style", event.target.value);
  for (const each of document.querySelectorAll("select.style")) each.value = event.target.value;
});

// Which quotes are pinned is the brief's to know.
let pins = [];
function pinned() {
  for (const button of log.querySelectorAll(".pin")) {
    const on = pins.includes(card(button).dataset.quote);
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.on : button.dataset.off;
  }
}
hear("pins", (names) => {
  pins = names;
  pinned();
});
hear("ask", ({ question, chosen }) => submit(question, chosen));

// --- to begin with ----------------------------------------------------------------------------------

const query = new URLSearchParams(location.search);
const stored = kept("talk");
const last = Array.isArray(stored) ? stored.filter(isTurn).slice(-MOST) : [];

// How each of a link's questions was asked: narrowed down to what, or for itself.
function how() {
  try {
    const rows = JSON.parse(query.get("as") ?? "[]");
    return Array.isArray(rows) ? rows : [];
  } catch {
    return [];
  }
}

// The questions of the link that the page was opened with.
function linked() {
  const narrowed = {};
  for (const name of ["speaker", "article", "since", "until", "order"])
    if (query.get(name)) narrowed[name] = query.get(name);
  const rows = how();
  const asked = query.getAll("q").map((each) => each.trim());
  return asked
    .map((question, at) => ({ question, chosen: rows[at]?.chosen ?? narrowed, alone: rows[at]?.alone === true }))
    .filter((each) => each.question)
    .slice(0, MOST);
}

const key = ({ question, chosen, alone }) => JSON.stringify([question.trim(), Object.entries(chosen ?? {}).sort(), !!alone]);

function open() {
  const asks = linked();
  // A reload of a link comes back to what was asked after it, too.
  const same = asks.every((each, at) => last[at] && key(each) === key(last[at]));
  if (same) return restart(last);
  if (last.length) before = last;
  for (const { question, chosen, alone } of asks) submit(question, chosen, alone);
  if (before) {
    undone.firstElementChild.textContent = "Your conversation before this one is put aside.";
    undone.hidden = false;
  }
}

styled(document);
tell("asks-pins");
open();
document.getElementById("first")?.remove();
if (!turns.length)
  setTimeout(async () => {
    const more = await got(server.starters(null), null);
    if (more?.html && !turns.length) start.querySelector(".found").innerHTML = more.html;
  }, 800);
