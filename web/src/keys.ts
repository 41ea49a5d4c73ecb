const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;

/** Ctrl K finds, Alt 1-9 goes to a numbered field, else to a place of the rail; Ctrl Enter says; J and K walk a list. */
export function keys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.code === "KeyK") {
      page.querySelector<HTMLInputElement>("#find")?.focus();
    } else if (command && event.key === "Enter") {
      page.querySelector<HTMLFormElement>("form[data-say]")?.requestSubmit();
    } else if (event.altKey && !command && /^Digit[1-9]$/.test(event.code)) {
      if (!focusField(page, event.code.slice(5))) visit(page, Number(event.code.slice(5)));
    } else if ((event.code === "KeyJ" || event.code === "KeyK") && !writing(event.target) && !command && !event.altKey) {
      walk(page, event.code === "KeyJ" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  });
}

function focusField(page: Document, number: string): boolean {
  const field = page.querySelector(`[data-field="${number}"]`);
  const own = field?.querySelector<HTMLElement>("input:checked:not([disabled])")
    ?? field?.querySelector<HTMLElement>("input:not([type=hidden], [disabled]), textarea, select");
  own?.focus();
  return page.querySelector("[data-field]") !== null;
}

function visit(page: Document, number: number): void {
  page.querySelectorAll<HTMLAnchorElement>(".rail a")[number - 1]?.click();
}

/** The next row of the list that has focus; of the first list where none has. */
function walk(page: Document, step: number): void {
  const list = page.activeElement?.closest(".inside") ?? page.querySelector("[data-row]")?.closest(".inside") ?? page;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-row] a[data-main]")].filter((row) => row.offsetParent !== null);
  const at = rows.indexOf(page.activeElement as HTMLElement);
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}
