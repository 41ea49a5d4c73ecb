const list = (locale: string, names: string[]): string =>
  new Intl.ListFormat(locale, { style: "long", type: "conjunction" }).format(names);

/** Writes under the release chips, as they are ticked, who will be able to read the act. The sentences are the server's. */
export function reach(page: Document): void {
  for (const group of page.querySelectorAll<HTMLElement>("[data-reach]")) {
    const said = group.querySelector<HTMLElement>("[data-sentence]");
    if (!said) continue;
    const write = (): void => {
      const boxes = [...group.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
      const named = (outside: boolean, on: boolean): string[] =>
        boxes.filter((box) => "partner" in box.dataset === outside && (box.checked || box.disabled) === on)
          .map((box) => box.dataset.name ?? "");
      const names = (on: boolean): string[] => named(false, on);
      const partners = named(true, true);
      const locale = group.dataset.locale ?? "en";
      const template = names(false).length ? group.dataset.some : group.dataset.all;
      said.textContent = (template ?? "")
        .replace("{readers}", list(locale, names(true)))
        .replace("{others}", list(locale, names(false)))
        + (partners.length ? " " + (group.dataset.outside ?? "").replace("{partners}", list(locale, partners)) : "");
    };
    group.addEventListener("change", write);
    for (const button of group.querySelectorAll<HTMLElement>("[data-readers]")) {
      button.addEventListener("click", () => {
        const readers = new Set((button.dataset.readers ?? "").split(" "));
        for (const box of group.querySelectorAll<HTMLInputElement>("input[type=checkbox]:not(:disabled)")) {
          box.checked = readers.has(box.value) || (box.checked && button.dataset.only === undefined);
        }
        button.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
    write();
  }
}
