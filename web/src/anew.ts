const LATER_S = 2;

/** A page that knows when it will be out of date is loaded anew then; not while somebody has words on it. */
export function anew(page: Document): void {
  const after = page.querySelector<HTMLElement>("[data-anew-s]")?.dataset.anewS;
  if (!after) return;
  const typed = (): boolean => [...page.querySelectorAll("textarea")].some(({ value, defaultValue }) => value !== defaultValue);
  const look = (): unknown => (typed() ? setTimeout(look, LATER_S * 1000) : location.reload());
  setTimeout(look, Number(after) * 1000);
}
