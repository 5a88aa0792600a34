// A page that asks for a passkey: the device makes or uses one, and the form carries what it says.
{
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  const form = document.querySelector("form[data-passkey]");
  const button = form.querySelector("button[data-asks]");
  const status = form.querySelector("[role=status]");
  const asked = JSON.parse(form.dataset.passkey);
  const challenge = bytes(asked.challenge);
  const ask = () => (asked.user
    ? navigator.credentials.create({ publicKey: {
      ...asked, challenge, user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: known(asked.excludeCredentials),
    } })
    : navigator.credentials.get({ publicKey: {
      ...asked, challenge, allowCredentials: known(asked.allowCredentials),
    } }));

  button.hidden = !window.PublicKeyCredential;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    status.textContent = button.dataset.waiting;
    try {
      const { id, rawId, type, response } = await ask();
      const said = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
        .map((name) => [name, text(response[name]) ?? undefined]);
      form.elements.answer.value = JSON.stringify(
        { id, rawId: text(rawId), type, response: Object.fromEntries(said) });
      form.submit();
    } catch {
      status.textContent = button.dataset.failed;
    }
  });
}
