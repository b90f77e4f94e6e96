// Passkeys: asks the browser to make or to show one and sends its answer with the form around the button. Loaded by enhance.js
// where a form wants it. Forms stand hidden until it is sure that this browser can.
const doc = document;
const can = window.PublicKeyCredential && navigator.credentials?.get;

// The JSON of WebAuthn writes bytes in base64url; older browsers cannot read and write it themselves.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));
const read = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: listed(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: listed(options.allowCredentials) }),
});
const write = ({ id, rawId, type, response }) => ({
  id, rawId: text(rawId), type,
  response: response.attestationObject
    ? { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) }
    : {
        clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData),
        signature: text(response.signature), userHandle: text(response.userHandle),
      },
});

const trouble = {
  NotAllowedError: "That was not finished. Try again, or choose another way.",
  InvalidStateError: "There is a passkey for you on this device or key already.",
};

// Whether the form may be sent: what the browser was asked came back with an answer.
const ask = async (form, answer) => {
  const reply = await fetch("/do/passkey-prompt", {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ occasion: form.dataset.passkey, name: form.elements.name?.value ?? "" }),
  });
  const prompt = JSON.parse(await reply.json());
  if (prompt.to) return void (location.href = prompt.to);
  if (prompt.refused) throw Error(prompt.refused);
  const how = ["add", "first"].includes(form.dataset.passkey) ? "create" : "get";
  const credential = await navigator.credentials[how]({ publicKey: read(prompt.options) });
  answer.value = JSON.stringify({ ceremony: prompt.ceremony, credential: write(credential) });
  return true;
};

doc.querySelectorAll("[data-no-passkeys]").forEach((words) => (words.hidden = can));
doc.querySelectorAll("form[data-passkey]").forEach((form) => {
  form.hidden = !can;
  const answer = form.querySelector("[data-passkey-answer]"), words = form.querySelector("[data-passkey-trouble]");
  form.addEventListener("submit", async (e) => {
    if (answer.value) return;
    e.preventDefault();
    const b = e.submitter;
    if (form.ariaBusy) return;
    form.ariaBusy = b.ariaBusy = "true";
    words.textContent = "";
    let isAnswered = false;
    try {
      isAnswered = await ask(form, answer);
    } catch (error) {
      const told = error.constructor === Error && error.message;
      words.textContent = told || trouble[error.name] || "That did not work here. Try again, or choose another way.";
    }
    form.ariaBusy = b.ariaBusy = null;
    if (isAnswered) form.requestSubmit(b);
  });
});
// An answer is good once: whoever comes back to the page is asked anew.
addEventListener("pageshow", () => doc.querySelectorAll("[data-passkey-answer]").forEach((field) => (field.value = "")));
