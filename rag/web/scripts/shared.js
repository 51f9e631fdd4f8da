// What the parts of the page share. They speak to each other by events of the document, "onrecord:NAME".
window.onrecord = {
  tell(name, detail) {
    document.dispatchEvent(new CustomEvent(`onrecord:${name}`, { detail }));
  },

  hear(name, answer) {
    document.addEventListener(`onrecord:${name}`, (event) => answer(event.detail));
  },

  // An element with properties and children; text is always text.
  made(tag, properties, ...children) {
    const { dataset, ...own } = properties ?? {};
    const node = Object.assign(document.createElement(tag), own);
    Object.assign(node.dataset, dataset);
    node.append(...children);
    return node;
  },

  // What is seen until Gradio has built the page: it goes when the conversation is there.
  first(markup) {
    new MutationObserver((_, seen) => {
      if (!document.body) return;
      seen.disconnect();
      const first = this.made("div", { id: "first", innerHTML: markup });
      first.setAttribute("aria-hidden", "true");
      document.body.prepend(first);
    }).observe(document.documentElement, { childList: true });
  },

  // What the server gives. Gradio gives nothing at all where the server is gone: `otherwise`, or an error.
  async got(promise, ...otherwise) {
    const value = await promise.catch(() => undefined);
    if (value !== undefined) return value;
    if (otherwise.length) return otherwise[0];
    throw new Error("the server could not be reached");
  },

  phone: matchMedia("(max-width: 760px)"),

  behavior() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  },

  // A browser may keep nothing, or have been written to by somebody else.
  kept(key) {
    try {
      return JSON.parse(localStorage.getItem(`onrecord:${key}`));
    } catch {
      return null;
    }
  },

  keep(key, value) {
    try {
      if (value === null) localStorage.removeItem(`onrecord:${key}`);
      else localStorage.setItem(`onrecord:${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },

  // A browser may refuse the clipboard; the older way needs a text field, and may be refused too.
  async copied(text, html) {
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
  },

  // A file that the server made, {name, type, data}, to the reader's own disk.
  save(file) {
    const bytes = Uint8Array.from(atob(file.data), (char) => char.charCodeAt(0));
    const link = this.made("a", { href: URL.createObjectURL(new Blob([bytes], { type: file.type })), download: file.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },

  // Asks the article to show where the words stand that a "Show in article" button names.
  show(button) {
    const { article, start, end } = button.dataset;
    this.tell("show", { article, start: Number(start), end: Number(end), from: button });
  },
};
