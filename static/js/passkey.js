// Passkeys: the one thing of an account that needs a script. Each form marked data-passkey shows itself where the
// browser knows passkeys, asks the device, and posts what it answered. Everything else works without.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function asked(options) {
  const publicKey = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    publicKey[list] = (publicKey[list] ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));
  }
  if (publicKey.user) publicKey.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  return { publicKey };
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsFor(form) {
  if (form.dataset.passkey !== "signin") {
    const data = JSON.parse(document.getElementById("passkey-options").textContent);
    return data.creation_options ?? data.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

async function ask(form) {
  const options = asked(await optionsFor(form));
  const act = form.dataset.passkey === "create" ? "create" : "get";
  form.elements.credential.value = answered(await navigator.credentials[act](options));
  HTMLFormElement.prototype.submit.call(form);
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const problem = form.querySelector("[role=alert]");
    problem.hidden = true;
    ask(form).catch(() => {
      problem.hidden = false;
    });
  });
}
