const QUIET_MS = 450;
const LETTERS: [string, RegExp][] = [
  ["fa", /[\u067e\u0686\u0698\u06af\u06a9\u06cc]/u], ["ar", /[\u0600-\u06ff]/u], ["ru", /[\u0400-\u04ff]/u], ["en", /[a-z]/i],
];

/** A form that keeps itself as one types: the server answers with the last look, and with what stands at each field. */
export function compose(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-keeps]");
  const box = page.querySelector<HTMLElement>("[data-look]");
  if (!form || !box) return;
  apply(page, form, box);
  new Keeper(page, form, box);
}

class Keeper {
  private waiting = 0;
  private dirty = false;
  private busy = false;
  private line: Promise<void> = Promise.resolve();
  private began = 0;
  private spoken = false;

  constructor(private readonly page: Document, private readonly form: HTMLFormElement, private readonly box: HTMLElement) {
    form.addEventListener("input", (event) => this.changed(event.target as HTMLInputElement));
    form.addEventListener("change", (event) => this.changed(event.target as HTMLInputElement));
    form.addEventListener("submit", () => (this.dirty = false));
    for (const other of page.querySelectorAll<HTMLFormElement>("form[data-after-draft]")) {
      other.addEventListener("submit", (event) => void this.first(event, other));
    }
    addEventListener("pagehide", () => this.dirty && void this.send(true));
  }

  private changed(field: HTMLInputElement): void {
    this.began ||= Date.now();
    this.dirty = true;
    if (field.name === "lang") this.spoken = true;
    if (field.dataset.counts !== undefined && !this.spoken) this.guess(field.value);
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.keep(), QUIET_MS);
  }

  /** Sets the language by the letters, until the officer has chosen one. */
  private guess(text: string): void {
    const found = LETTERS.find(([, letters]) => letters.test(text))?.[0];
    const select = this.form.querySelector<HTMLSelectElement>("select[name=lang]");
    if (select && found && [...select.options].some((option) => option.value === found)) select.value = found;
  }

  /** Keeps what was typed before another form of the page goes its way: that form speaks of the draft. */
  private async first(event: SubmitEvent, other: HTMLFormElement): Promise<void> {
    if (!this.dirty && !this.busy) return;
    event.preventDefault();
    const button = event.submitter;
    clearTimeout(this.waiting);
    await this.keep();
    if (!this.dirty) other.requestSubmit(button);
  }

  /** One after the other: the first answer says under which id the next is kept. */
  private keep(): Promise<void> {
    return (this.line = this.line.then(() => (this.dirty ? this.send(false) : undefined)));
  }

  private async send(leaving: boolean): Promise<void> {
    const lost = this.page.querySelector<HTMLElement>("[data-not-kept]")!;
    this.dirty = false;
    this.busy = true;
    try {
      const answer = await fetch(this.form.dataset.keeps!, { method: "POST", body: new URLSearchParams(fields(this.form)),
        headers: { "Tansiq-Refreshed": "1", Accept: "application/json" }, keepalive: leaving });
      const look = await answer.text();
      lost.hidden = answer.ok;
      this.dirty ||= !answer.ok;
      if (!answer.ok) return this.notKept(look);
      this.box.innerHTML = look;
      apply(this.page, this.form, this.box);
      this.spent();
    } catch {
      this.dirty = true;
      lost.hidden = false;
      this.notKept("");
    } finally {
      this.busy = false;
    }
  }

  /** Says why the draft is not kept: what the server answered, else that it did not. */
  private notKept(answer: string): void {
    const why = this.page.querySelector<HTMLElement>("[data-not-kept-why]")!;
    why.dataset.otherwise ??= why.textContent!;
    const told = answer.startsWith("{") ? (JSON.parse(answer) as { sentence?: string }).sentence : undefined;
    why.textContent = told ?? why.dataset.otherwise;
  }

  /** Says how long it took, once all that is asked for is there. */
  private spent(): void {
    const face = this.page.querySelector<HTMLElement>("[data-spent]");
    const rows = [...this.form.querySelectorAll<HTMLElement>("[data-needs-all]")];
    if (!face || !rows.every((row) => row.dataset.needsAll!.trim() === "" || row.classList.contains("done"))) return;
    const number = face.querySelector<HTMLElement>("b")!;
    face.hidden = false;
    number.textContent = (number.dataset.unit ?? "{count}").replace("{count}",
      new Intl.NumberFormat(number.dataset.locale).format(Math.round((Date.now() - this.began) / 1000)));
  }
}

function fields(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].filter((one): one is [string, string] => typeof one[1] === "string");
}

/** Takes the notes out of the look and puts each under its field. */
function apply(page: Document, form: HTMLFormElement, box: HTMLElement): void {
  for (const spot of form.querySelectorAll<HTMLElement>("[data-note-of]")) {
    const note = box.querySelector<HTMLTemplateElement>(`template[data-note="${spot.dataset.noteOf}"]`);
    spot.replaceChildren(...(note ? [note.content.cloneNode(true)] : []));
    spot.classList.toggle("bad", note?.dataset.bad !== undefined);
  }
  const done = new Set((box.querySelector<HTMLTemplateElement>("template[data-done]")?.content.textContent ?? "").split(" "));
  for (const row of form.querySelectorAll<HTMLElement>("[data-needs-all]")) {
    const needed = row.dataset.needsAll!.trim().split(" ").filter(Boolean);
    const any = [...row.querySelectorAll<HTMLElement>("[name]")].some((field) => done.has(field.getAttribute("name")!));
    row.classList.toggle("done", needed.length ? needed.every((name) => done.has(name)) : any);
  }
  const kept = box.querySelector<HTMLElement>("[data-draft]");
  const id = kept?.dataset.draft;
  if (!id || !kept.dataset.saved) return;
  for (const field of page.querySelectorAll<HTMLInputElement>("input[name=draft]")) field.value = id;
  page.querySelector<HTMLElement>("[data-kept]")!.hidden = false;
  page.querySelector<HTMLElement>("[data-kept-at]")!.textContent = `${kept.dataset.saved}Z`;
}
