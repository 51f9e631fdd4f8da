// Which pane stands beside the conversation. `element` is Gradio's.
const tabs = [...element.querySelectorAll("[role=tab]")];
const panes = tabs.map((tab) => tab.getAttribute("aria-controls"));

function choose(name, focus) {
  for (const tab of tabs) {
    const chosen = tab.getAttribute("aria-controls") === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen && focus) tab.focus();
  }
  const place = document.getElementById("read");
  for (const pane of panes) place.classList.toggle(`on-${pane}`, pane === name);
  for (const pane of panes) {
    const there = document.getElementById(pane);
    there?.setAttribute("role", "tabpanel");
    there?.setAttribute("aria-labelledby", `tab-${pane}`);
  }
}

element.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(tab.getAttribute("aria-controls"), false);
});

element.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = tabs.indexOf(document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  choose(panes[(at + step + panes.length) % panes.length], true);
});

// A place in the article is wanted, or an answer has come that shows one.
for (const name of ["show", "open"]) onrecord.hear(name, () => choose("reader", false));
onrecord.hear("pins", (pins) => {
  const count = pins.length;
  element.querySelector(".count").textContent = count ? ` (${count})` : "";
});

choose("reader", false);
