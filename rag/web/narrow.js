// What a question is narrowed down to: {speaker, article, since, until, order}, each only where it is chosen.
// `element` and `props` are Gradio's; the markup is the server's, its texts escaped.
const place = element.querySelector(".narrow");
place.innerHTML = props.markup;

place.addEventListener("change", () => {
  const chosen = [...place.querySelectorAll("select, input")].map((each) => [each.name, each.value.trim()]);
  props.value = Object.fromEntries(chosen.filter(([, value]) => value));
});

// On a phone it would stand in the way of the answer.
document.addEventListener("onrecord:clear", () => {
  if (matchMedia("(max-width: 760px)").matches) place.querySelector("details")?.removeAttribute("open");
});
