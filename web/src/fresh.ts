const pristine = new WeakMap<Element, string>();

const pieces = (page: ParentNode): HTMLElement[] => [...page.querySelectorAll<HTMLElement>("[data-fresh]")];

/** Remembers how each piece of the page came from the server, before scripts draw into it. */
export function remember(page: Document): void {
  for (const piece of pieces(page)) pristine.set(piece, piece.innerHTML);
}

/** Puts *html* into *box*; scrolling stays where it was, and so does focus, on the same link or field. */
export function put(box: HTMLElement, html: string): void {
  const held = box.contains(document.activeElement) ? (document.activeElement as HTMLElement) : undefined;
  const mark = held && (held.id ? `#${CSS.escape(held.id)}` : held.matches("a[href]") ? `a[href="${held.getAttribute("href")}"]` : "");
  const at = box.scrollTop;
  box.innerHTML = html;
  box.scrollTop = at;
  if (mark) box.querySelector<HTMLElement>(mark)?.focus({ preventScroll: true });
}

let asked = 0;
let waiting = 0;

/** Asks for this page again and puts in what has changed; at most twice a second, and never while somebody types. */
export function fresh(page: Document): void {
  clearTimeout(waiting);
  const wait = Math.max(0, asked + 500 - Date.now());
  waiting = window.setTimeout(() => void again(page), wait);
}

async function again(page: Document): Promise<void> {
  asked = Date.now();
  const answer = await fetch(location.href, { headers: { "Tansiq-Refreshed": "1" } });
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const piece of pieces(page)) {
    const other = next.querySelector<HTMLElement>(`[data-fresh="${piece.dataset.fresh}"]`);
    if (!other || other.innerHTML === pristine.get(piece)) continue;
    pristine.set(piece, other.innerHTML);
    put(piece, other.innerHTML);
    piece.dispatchEvent(new CustomEvent("tansiq:fresh", { bubbles: true }));
  }
}
