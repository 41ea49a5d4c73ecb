/** Menus close with Escape and by a click elsewhere; the rail of a narrow window unfolds; forms that send by themselves do
    so when a choice is made. */
export function menus(page: Document): void {
  const open = (): HTMLDetailsElement[] => [...page.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")];
  page.addEventListener("click", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target as Node)) menu.open = false;
    const button = (target as HTMLElement).closest<HTMLElement>("[data-print], [data-translations], [data-fold]");
    if (button?.dataset.print !== undefined) window.print();
    if (button?.dataset.fold !== undefined) button.ariaExpanded = String(button.ariaExpanded !== "true");
    if (button?.dataset.translations !== undefined) translations(button);
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector<HTMLElement>("summary")?.focus();
    }
  });
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-sends]")) {
    form.querySelector<HTMLElement>("[data-noscript]")!.hidden = true;
    form.addEventListener("change", (event) => (event.target as HTMLInputElement).name && form.submit());
  }
}

function translations(button: HTMLElement): void {
  const shown = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(shown));
  button.closest<HTMLElement>("[data-beneath-shown]")!.dataset.beneathShown = shown ? "yes" : "no";
}
