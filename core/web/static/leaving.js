// What a script adds to the women's pages. Whatever fails here, links and forms do as without it.
const way = document.querySelector("a.exit");
const home = location.pathname;

const leave = () => {
  document.documentElement.hidden = true;
  location.replace(way.href);
};
way.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  leave();
});

// Three times Shift, and no other key between.
let shifts = [];
document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  shifts = event.key === "Shift" ? [...shifts, event.timeStamp].slice(-3) : [];
  if (shifts.length === 3 && shifts[2] - shifts[0] <= 2000) leave();
});
document.getElementById("keys").hidden = false;
way.setAttribute("aria-describedby", "keys");

// A page that comes back from the browser's memory is asked for anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(home);
});

// Pressing a button replaces the page, so Back has no page of hers to go to.
const send = (form, button, redirect) => {
  const data = new FormData(form);
  data.append(button.name, button.value);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  return fetch(form.action, { method: "POST", body, redirect });
};
const sendPlainly = (form, button) => {
  const pressed = document.createElement("input");
  Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
  form.append(pressed);
  form.submit();
};

// Her time: a line before it is over, and more of it while what she types stays as it is.
const SOON = 5 * 60 * 1000;
let time = document.getElementById("time");
let end = 0;
const begin = () => { end = Date.now() + 1000 * Number(time.dataset.left); };
const look = () => {
  const left = end - Date.now();
  if (left < -1000) {
    document.documentElement.hidden = true;
    location.replace(home);
  } else if (left < SOON && !time.classList.contains("soon")) {
    const line = time.querySelector("p");
    line.textContent = line.dataset.soon;
    time.classList.add("soon");
  }
};
const prolong = async (form, button) => {
  const answer = await send(form, button, "follow");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("time");
  if (!answer.ok || !fresh) throw answer;
  time.replaceWith(fresh);
  time = fresh;
  time.querySelector("button").focus();
  busy = 0;
  begin();
};
if (time) {
  begin();
  setInterval(look, 2000);
  document.addEventListener("visibilitychange", look);
}

let busy = 0;
document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  if (!button || new URL(form.action).pathname !== home) return;
  if (busy && event.timeStamp - busy > 5000) return; // who has waited that long sends plainly
  event.preventDefault();
  if (busy) return;
  busy = event.timeStamp;
  try {
    if (time?.contains(button)) return await prolong(form, button);
    const answer = await send(form, button, "manual");
    if (answer.type !== "opaqueredirect") throw answer; // a page to show: it comes once more
    location.replace(home);
  } catch {
    sendPlainly(form, button);
  }
});

// Links inside the page would each leave a line in the history.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  const goal = link && document.getElementById(link.hash.slice(1));
  if (!goal) return;
  event.preventDefault();
  goal.focus();
});
