const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

/** Ctrl K finds, Alt 1-9 goes to a numbered field, Ctrl Enter says, J and K walk the list under the hand. */
export function keys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.code === "KeyK") {
      page.querySelector<HTMLInputElement>("#find")?.focus();
    } else if (command && event.key === "Enter") {
      page.querySelector<HTMLFormElement>("form[data-say]")?.requestSubmit();
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      focusField(page, event.code.slice(5));
    } else if ((event.code === "KeyJ" || event.code === "KeyK") && !writing(event.target) && !command && !event.altKey) {
      walk(page, event.code === "KeyJ" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  });
}

function focusField(page: Document, number: string): void {
  const field = page.querySelector(`[data-field="${number}"]`);
  const own = field?.querySelector<HTMLElement>("input:checked, input:not([type=hidden], [disabled]), textarea, select");
  own?.focus();
}

function walk(page: Document, step: number): void {
  const rows = [...page.querySelectorAll<HTMLElement>("[data-row] a[data-main]")];
  const at = rows.indexOf(page.activeElement as HTMLElement);
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}
