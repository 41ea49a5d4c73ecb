/** Shows of the feed only the desk that was chosen. */
export function filterFeed(page: Document): void {
  const chosen = page.querySelector<HTMLSelectElement>("[data-feed-desk]")?.value ?? "";
  for (const row of page.querySelectorAll<HTMLElement>("[data-feed] > li")) {
    row.hidden = chosen !== "" && row.dataset.desk !== chosen;
  }
}

/** The choices that narrow a panel without asking the server: whose needs, which desk's feed. Kept in this browser. */
export function lists(page: Document): void {
  const feed = page.querySelector<HTMLSelectElement>("[data-feed-desk]");
  feed?.addEventListener("change", () => filterFeed(page));
  const panel = page.querySelector<HTMLElement>("[data-filter='needs']");
  const choose = page.querySelector<HTMLElement>("[data-choose='needs']");
  if (!panel || !choose) return;
  const kept = localStorage.getItem("tansiq-whose") === "all" ? "all" : "mine";
  const box = choose.querySelector<HTMLInputElement>(`input[value="${kept}"]`);
  if (box) box.checked = true;
  panel.dataset.show = kept;
  choose.addEventListener("change", (event) => {
    const { value } = event.target as HTMLInputElement;
    panel.dataset.show = value;
    localStorage.setItem("tansiq-whose", value);
  });
}
