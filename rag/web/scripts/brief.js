// The brief: ids of quotes, notes and their order, kept in this browser. What a quote says is asked of
// the server each time. `element` and `server` are Gradio's.
const { made, tell, hear, keep: store } = onrecord;
const list = element.querySelector(".pins");
const filled = element.querySelector(".filled");
const title = element.querySelector(".title input");
const style = element.querySelector(".style");
const told = element.querySelector(".told");

const brief = load();

function load() {
  const kept = onrecord.kept("brief");
  const pins = Array.isArray(kept?.pins) ? kept.pins.filter((pin) => typeof pin?.quote === "string") : [];
  return { title: String(kept?.title ?? ""), pins };
}

function keep() {
  if (!store("brief", brief)) told.textContent = "This browser keeps nothing: export the brief before you leave the page.";
  tell("pins", brief.pins.map((pin) => pin.quote));
}

let drawn = 0;
async function draw(focus) {
  const turn = ++drawn;
  keep();
  filled.hidden = !brief.pins.length;
  if (!brief.pins.length) {
    list.replaceChildren();
    if (focus) element.querySelector("h2").focus();
    return;
  }
  const rows = await onrecord.got(server.pins(brief.pins.map(({ quote, keep }) => ({ quote, keep: keep ?? null }))), []);
  if (turn !== drawn) return;
  list.replaceChildren(...brief.pins.map((pin, at) => row(pin, rows[at] ?? {}, at)));
  if (focus) list.children[focus.at]?.querySelector(focus.on)?.focus();
}

function row(pin, shown, at) {
  const item = made("li", { draggable: false });
  const quoted = made("div", { className: "body" });
  // The markup is the server's, every text in it escaped.
  if (shown.html) quoted.innerHTML = shown.html;
  else quoted.append(made("p", { className: "notice" }, `This quote cannot be shown: ${shown.error ?? "no answer"}`));
  const name = `quote ${at + 1}${shown.who ? ` by ${shown.who}` : ""}`;
  const button = (className, words, label, disabled) =>
    made("button", { type: "button", className, disabled, ariaLabel: label }, words);
  const handle = made("span", { className: "handle", title: "Drag to another place", ariaHidden: "true" }, "⠿");
  const tools = made("div", { className: "tools" }, handle,
    button("up", "↑", `Move ${name} up`, at === 0),
    button("down", "↓", `Move ${name} down`, at === brief.pins.length - 1),
    button("off", "Remove", `Remove ${name}`, false));
  const note = made("textarea", { className: "mine", rows: 1, value: pin.note ?? "", placeholder: "Your note", ariaLabel: `Your note on ${name}` });
  note.addEventListener("input", () => {
    pin.note = note.value;
    keep();
  });
  item.append(tools, quoted);
  if (shown.parts?.length > 1) item.append(shorten(pin, shown, at));
  for (const warning of shown.warnings ?? [])
    item.append(made("p", { className: "warning" }, `Mind: ${warning}.`));
  item.append(note);
  tools.addEventListener("click", (event) => act(event.target.closest("button")?.className, at));
  dragged(item, handle, at);
  return item;
}

// Whole sentences of the quote can be left out; what is cut between two is marked.
function shorten(pin, shown, at) {
  const boxes = shown.parts.map((part, number) => {
    const box = made("input", { type: "checkbox", checked: part.kept });
    box.addEventListener("change", () => {
      const kept = shown.parts.filter((each, other) => (other === number ? box.checked : each.kept));
      if (!kept.length) return void (box.checked = true);
      pin.keep = kept.length === shown.parts.length ? null : kept.map(({ start, end }) => [start, end]);
      open.add(pin);
      draw({ at, on: `.shorten li:nth-child(${number + 1}) input` });
    });
    return made("li", {}, made("label", {}, box, ` ${part.text}`));
  });
  const details = made("details", { className: "shorten", open: open.has(pin) }, made("summary", {}, "Shorten"), made("ul", {}, ...boxes));
  details.addEventListener("toggle", () => (details.open ? open.add(pin) : open.delete(pin)));
  return details;
}
const open = new Set();

function act(what, at) {
  const pins = brief.pins;
  const to = { up: at - 1, down: at + 1 }[what];
  if (to >= 0 && to < pins.length) {
    move(at, to);
    told.textContent = `Moved to place ${to + 1} of ${pins.length}.`;
    const still = what === "up" ? to > 0 : to < pins.length - 1;
    draw({ at: to, on: still ? `.${what}` : what === "up" ? ".down" : ".up" });
  }
  if (what === "off") {
    pins.splice(at, 1);
    told.textContent = "Removed from the brief.";
    draw({ at: Math.min(at, pins.length - 1), on: ".off" });
  }
}

function move(from, to) {
  brief.pins.splice(to, 0, ...brief.pins.splice(from, 1));
}

// By the handle alone, so that words in the quote and the note can still be selected.
let carried = null;
function dragged(item, handle, at) {
  handle.addEventListener("pointerdown", () => (item.draggable = true));
  handle.addEventListener("pointerup", () => (item.draggable = false));
  item.addEventListener("dragstart", (event) => {
    carried = at;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  item.addEventListener("dragover", (event) => {
    if (carried === null) return;
    event.preventDefault();
    item.classList.add("over");
  });
  item.addEventListener("dragleave", () => item.classList.remove("over"));
  item.addEventListener("drop", (event) => {
    event.preventDefault();
    item.classList.remove("over");
    if (carried !== null && carried !== at) move(carried, at);
    carried = null;
    draw();
  });
  item.addEventListener("dragend", () => {
    item.draggable = false;
    carried = null;
  });
}

async function carry(kind) {
  const whole = { title: brief.title || null, style: style.value, pins: brief.pins };
  const file = await onrecord.got(server.export({ brief: whole, kind }), { error: "the server could not be reached" });
  if (file.error) {
    told.textContent = `Not exported: ${file.error}.`;
    return;
  }
  onrecord.save(file);
  told.textContent = `Exported as ${file.name}.`;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".export")) carry(button.dataset.kind);
  if (button.matches(".show")) onrecord.show(button);
  if (button.matches(".empty") && confirm("Remove all quotes and notes from the brief?")) {
    brief.pins = [];
    told.textContent = "The brief is empty.";
    draw({ at: 0 });
  }
});

title.value = brief.title;
title.addEventListener("input", () => {
  brief.title = title.value;
  keep();
});

// A quote is pinned, or taken off again, where it stands in the conversation.
hear("pin", (quote) => {
  const at = brief.pins.findIndex((pin) => pin.quote === quote);
  if (at < 0) brief.pins.push({ quote, note: "" });
  else brief.pins.splice(at, 1);
  draw();
});
hear("asks-pins", keep);

draw();
