// A draft to be checked: it goes to the server on this machine, and what came of it comes back as HTML in
// which every text is escaped. `element` and `server` are Gradio's.
const box = element.querySelector("textarea");
const go = element.querySelector(".go");
const found = element.querySelector(".found");

async function run() {
  if (!box.value.trim()) return box.focus();
  go.disabled = true;
  found.textContent = "Checking …";
  try {
    found.innerHTML = await server.check(box.value);
  } catch {
    found.textContent = "It could not be checked: the draft is too long, or the server is gone.";
  }
  go.disabled = false;
}

go.addEventListener("click", run);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
});
found.addEventListener("click", (event) => {
  const button = event.target.closest(".show");
  if (!button) return;
  const { article, start, end } = button.dataset;
  document.dispatchEvent(new CustomEvent("onrecord:show", { detail: { article, start: Number(start), end: Number(end), from: button } }));
});
