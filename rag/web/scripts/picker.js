// Chooses an article out of an archive: searched on the server, a page of rows at a time.
const { tell } = onrecord;
const dialog = element.querySelector("dialog");
const opener = element.querySelector(".choose");

if (dialog) {
  const rows = dialog.querySelector(".rows");
  const total = dialog.querySelector(".total");
  const further = dialog.querySelector(".further");
  const fields = [...dialog.querySelectorAll("input")];
  let turn = 0;
  let timer = null;

  async function draw(from) {
    const mine = ++turn;
    const wanted = Object.fromEntries(fields.map((each) => [each.name, each.value]));
    const found = await onrecord.got(server.choose({ ...wanted, from }), null);
    if (mine !== turn) return;
    if (!found) {
      total.textContent = "The server could not be reached.";
      return;
    }
    // The markup is the server's, every text in it escaped.
    if (!from) rows.innerHTML = "";
    rows.insertAdjacentHTML("beforeend", found.html);
    total.classList.toggle("wrong", !!found.wrong);
    if (found.wrong) total.textContent = `${found.wrong[0].toUpperCase()}${found.wrong.slice(1)}.`;
    else total.textContent = `${found.total.toLocaleString("en")} ${found.total === 1 ? "article" : "articles"}`;
    further.hidden = !found.more;
  }

  opener.addEventListener("click", () => {
    dialog.showModal();
    draw(0);
    fields[0].focus();
  });
  for (const field of fields)
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(draw, 150, 0);
    });
  further.addEventListener("click", async () => {
    const count = rows.children.length;
    await draw(count);
    rows.children[count]?.querySelector("button")?.focus();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
    const button = event.target.closest("button");
    if (button?.matches(".open")) {
      dialog.close();
      tell("open", button.dataset.article);
    }
    if (button?.matches(".only")) {
      dialog.close();
      tell("open", button.dataset.article);
      tell("only", { article: button.dataset.article, title: button.dataset.title });
    }
  });
}
