const ROWS_MAX = 200;

/** Shows in the strip whether acts arrive, and keeps the feed from growing without end. */
export function link(page: Document): void {
  const mark = (state: "lost" | "live"): void => {
    page.querySelector("#link")?.setAttribute("data-link", state);
  };
  page.addEventListener("htmx:sse:error", () => mark("lost"));
  page.addEventListener("htmx:sse:after:connection", () => mark("live"));
  page.addEventListener("htmx:sse:after:message", (event) => {
    mark("live");
    const feed = event.target as HTMLElement;
    while (feed.children.length > ROWS_MAX) feed.lastElementChild?.remove();
    page.dispatchEvent(new CustomEvent("tansiq:arrived"));
  });
}
