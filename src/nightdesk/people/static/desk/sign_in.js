// Passkeys: asks the browser for one and puts its answer into the form. Without it, and in
// browsers that know no passkeys, the forms for passwords and codes do as they are.

const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (list) => (list || []).map((one) => ({ ...one, id: fromText(one.id) }));

// The server's options, in which bytes are text, as the browser wants them.
function asked(options) {
  const key = { ...options.publicKey, challenge: fromText(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: fromText(key.user.id) };
  if (key.excludeCredentials) key.excludeCredentials = known(key.excludeCredentials);
  if (key.allowCredentials) key.allowCredentials = known(key.allowCredentials);
  return { publicKey: key };
}

// The browser's answer as the server reads it.
function said(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toText(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (answer[name]) response[name] = toText(answer[name]);
  if (answer.getTransports) response.transports = answer.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

async function optionsOf(form) {
  const here = document.getElementById("passkey-options");
  if (!form.dataset.options) return JSON.parse(here.textContent);
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function start(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    const options = asked(await optionsOf(form));
    const wanted = form.dataset.passkey === "make" ? "create" : "get";
    const credential = await navigator.credentials[wanted](options);
    form.querySelector("input[name$=passkey]").value = said(credential);
  } catch {
    failed.hidden = false; // turned away, timed out, or no such passkey on this device
    return;
  }
  const remember = document.querySelector("input[name=remember]");
  if (remember && remember.checked && !form.contains(remember)) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "remember";
    field.value = "on";
    form.append(field);
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-start]");
  if (window.PublicKeyCredential) {
    form.hidden = false;
    button.addEventListener("click", () => start(form));
  } else {
    button.hidden = true;
    const unknown = form.querySelector("[data-passkey-unknown]");
    if (unknown) unknown.hidden = false;
  }
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
