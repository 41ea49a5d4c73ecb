/** A form that is longer than its address takes is not sent: one sentence says so at the longest field, and all stays. */
export function room(page: Document): void {
  const said = page.querySelector<HTMLTemplateElement>("template[data-too-long]");
  if (!said) return;
  page.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    form.querySelector("[data-is-too-long]")?.remove();
    const max = Number(form.dataset.bytesMax ?? said.dataset.tooLong);
    if (form.method !== "post" || sizeOf(form) <= max) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(form, said, max);
  }, { capture: true });
}

function say(form: HTMLFormElement, said: HTMLTemplateElement, max: number): void {
  const sentence = said.content.firstElementChild!.cloneNode(true) as HTMLElement;
  const words = sentence.querySelector("span")!;
  words.textContent = words.textContent!.replace("{limit}", new Intl.NumberFormat(said.dataset.locale).format(max / 1024));
  sentence.dataset.isTooLong = "";
  sentence.role = "alert";
  const field = longest(form);
  if (!field) return form.prepend(sentence);
  field.after(sentence);
  field.focus();
}

/** Bytes of a form as it is sent: a line's end is two characters there, and a file is as long as it is. */
function sizeOf(form: HTMLFormElement): number {
  return [...new FormData(form)].reduce((sum, [name, value]) => sum + name.length + 2 + lengthOf(value), 0);
}

function lengthOf(value: FormDataEntryValue): number {
  if (typeof value !== "string") return value.size;
  return new URLSearchParams({ v: value.replace(/\r?\n/g, "\r\n") }).toString().length - 2;
}

type Field = HTMLTextAreaElement | HTMLInputElement;

function longest(form: HTMLFormElement): Field | undefined {
  const size = (field: Field): number => {
    const files = field instanceof HTMLInputElement ? [...(field.files ?? [])] : [];
    return files.reduce((sum, file) => sum + file.size, lengthOf(field.value));
  };
  const fields = [...form.elements].filter((one): one is Field => one.matches("textarea, input:not([type=hidden])"));
  return fields.sort((one, other) => size(other) - size(one))[0];
}
