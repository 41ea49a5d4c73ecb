// Passkeys: a button asks the cell for a question, the browser's authenticator for the answer, and hands that in.

const decoded = (text: string): ArrayBuffer => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
};
const encoded = (data: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(data))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

interface Question {
  challenge: string;
  user?: { id: string };
  allowCredentials?: { id: string }[];
  excludeCredentials?: { id: string }[];
}

const listed = (given: { id: string }[] | undefined) => given?.map((one) => ({ ...one, id: decoded(one.id) }));

/** The options as the browser takes them: what travelled as base64url becomes bytes. */
function options(question: Question): unknown {
  const made: Record<string, unknown> = { ...question, challenge: decoded(question.challenge) };
  if (question.user) made.user = { ...question.user, id: decoded(question.user.id) };
  if (question.allowCredentials) made.allowCredentials = listed(question.allowCredentials);
  if (question.excludeCredentials) made.excludeCredentials = listed(question.excludeCredentials);
  return made;
}

/** A credential as JSON, its bytes as base64url. */
function shown(credential: PublicKeyCredential): unknown {
  const response: Record<string, string> = {};
  const given = credential.response as unknown as Record<string, unknown>;
  for (const name of ["clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle"]) {
    if (given[name] instanceof ArrayBuffer) response[name] = encoded(given[name]);
  }
  return { id: credential.id, rawId: credential.id, type: credential.type, clientExtensionResults: {}, response };
}

class Said extends Error {}

async function told(box: HTMLElement, url: string, body: unknown): Promise<unknown> {
  const csrf = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
  const headers = { "Content-Type": "application/json", Accept: "application/json", "Tansiq-CSRF": csrf };
  let answer: Response;
  try {
    answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  } catch {
    throw new Said(box.dataset.away);
  }
  const said = (await answer.json()) as { sentence?: string };
  if (!answer.ok) throw new Said(said.sentence);
  return said;
}

async function answered(box: HTMLElement): Promise<void> {
  const form = box.closest("form");
  const fields = Object.fromEntries((box.dataset.with ?? "").split(" ").filter(Boolean).map((name) =>
    [name, (form?.elements.namedItem(name) as HTMLInputElement | null)?.value ?? ""]));
  const asked = box.dataset.asked ? JSON.parse(box.dataset.asked) : await told(box, box.dataset.question!, fields);
  const publicKey = options(asked as Question);
  const credential = box.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey } as CredentialCreationOptions)
    : await navigator.credentials.get({ publicKey } as CredentialRequestOptions);
  const more = box.dataset.to ? { to: box.dataset.to } : {};
  const body = { ...fields, ...more, answer: shown(credential as PublicKeyCredential) };
  const onward = (await told(box, box.dataset.answer!, body)) as { to: string };
  location.assign(onward.to);
}

/** Makes the buttons of passkeys work; where the browser has none, says so. */
export function passkeys(page: Document): void {
  for (const box of page.querySelectorAll<HTMLElement>("[data-passkey]")) {
    const button = box.querySelector("button")!;
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      box.querySelector<HTMLElement>("[data-none]")!.hidden = false;
      continue;
    }
    button.addEventListener("click", () => {
      const line = box.querySelector<HTMLElement>("[data-said]")!;
      line.hidden = true;
      button.disabled = true;
      answered(box).catch((error: unknown) => {
        line.querySelector("span")!.textContent = (error instanceof Said && error.message) || box.dataset.broken!;
        line.hidden = false;
      }).finally(() => { button.disabled = false; });
    });
  }
}
