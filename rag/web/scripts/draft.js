// A draft to be checked: it goes to the server on this machine, and what came of it comes back as HTML in
// which every text is escaped. `element` and `server` are Gradio's.
const box = element.querySelector("textarea");
const go = element.querySelector(".go");
const found = element.querySelector(".found");

async function run(checked) {
  if (go.ariaDisabled === "true") return;
  go.ariaDisabled = "true"; // not `disabled`, which loses the focus
  found.textContent = "Checking …";
  try {
    found.innerHTML = await onrecord.got(checked());
  } catch {
    found.textContent = "It could not be checked: the draft is too long, or the server is gone.";
  }
  go.ariaDisabled = "false";
}

function text() {
  if (!box.value.trim()) return box.focus();
  run(() => server.check(box.value));
}

go.addEventListener("click", text);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) text();
});
found.addEventListener("click", (event) => {
  const button = event.target.closest(".show");
  if (button) onrecord.show(button);
});

// A file, where files are taken: it goes the same way, its bytes in base64.
const file = element.querySelector("input[type=file]");
file?.addEventListener("change", () => {
  const [chosen] = file.files;
  if (!chosen) return;
  if (chosen.size > Number(file.dataset.most)) {
    found.textContent = `The file has ${chosen.size.toLocaleString("en")} bytes; expected at most ${Number(file.dataset.most).toLocaleString("en")}.`;
    return;
  }
  const reading = new FileReader();
  reading.addEventListener("load", () =>
    run(() => server.check_file({ name: chosen.name, data: String(reading.result).split(",")[1] ?? "" })),
  );
  reading.readAsDataURL(chosen);
  file.value = "";
});
