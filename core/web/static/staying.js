// Staff who do nothing are signed out: this warns them in time, and lets them stay where they are.
const WARNING = 5 * 60 * 1000;
const dialog = document.getElementById("leaving");
const stay = dialog.querySelector("[value=stay]");
const others = new BroadcastChannel("staying"); // her other windows
let footer = document.getElementById("staying");
let end = 0;
let warned = false;

const show = (when) => {
  for (const text of dialog.querySelectorAll("[data-when]")) {
    text.hidden = text.dataset.when !== when;
  }
  stay.hidden = when === "last" || when === "over";
  if (!dialog.open) dialog.showModal();
};

const move = (moment) => {
  end = moment;
  warned = end - Date.now() < WARNING; // she has just been told by the page itself
  if (dialog.open) dialog.close();
};

const begin = () => {
  move(Date.now() + Number(footer.dataset.left) * 1000);
  others.postMessage({ end, html: footer.outerHTML });
};

const replace = (html) => {
  footer.outerHTML = html;
  footer = document.getElementById("staying");
};

const prolong = async () => {
  const form = footer.querySelector("form");
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(page.getElementById("staying").outerHTML);
      begin();
    } else { // led to the sign-in page: the session was ended elsewhere
      show(answer.type === "opaqueredirect" ? "over" : "failed");
    }
  } catch {
    show("failed");
  }
};

const look = () => {
  const left = end - Date.now();
  if (left <= 0) {
    if (end) show("over");
    end = 0;
  } else if (left < WARNING && !warned) {
    warned = true;
    show("last" in footer.dataset ? "last" : "soon");
  }
};

dialog.addEventListener("close", () => {
  if (dialog.returnValue === "stay") prolong();
  dialog.returnValue = "";
});
others.addEventListener("message", ({ data }) => {
  replace(data.html);
  move(data.end);
});
document.addEventListener("visibilitychange", look);
setInterval(look, 2000);
begin();
