// While an interview is entered: saves every few seconds, lets digits choose and Enter go on.
const PAUSE = 3000; // ms after the last change
const TOGETHER = 900; // ms within which two digits are one number
const about = document.getElementById("entering");
const saved = document.getElementById("saved");
const form = about.closest("form");
const fields = "input:not([type=hidden]), textarea, select";
const staying = new BroadcastChannel("staying"); // saving is a sign of life
let waiting = 0;
let busy = false;

// -- saving --------------------------------------------------------------------------------------

const say = (text) => { saved.textContent = text; };

const took = async (answer) => {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok) {
    form.elements.turn.value = page.querySelector("[name=turn]").value;
    const footer = page.getElementById("staying");
    staying.postMessage({
      end: Date.now() + Number(footer.dataset.left) * 1000, html: footer.outerHTML });
    say(about.dataset.saved.replace("{time}", new Date().toLocaleTimeString(
      document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })));
  } else if (answer.status === 409) { // it went on elsewhere: told, and saved no more from here
    document.getElementById("told").replaceWith(page.getElementById("told"));
    form.elements.turn.value = page.querySelector("[name=turn]").value;
    form.removeEventListener("input", changed);
  } else {
    say(about.dataset.failed);
  }
};

const save = async () => {
  if (busy) { changed(); return; }
  busy = true;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") body.append(name, value); // files wait for the button
  }
  body.append("go", "keep");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") say(about.dataset.away);
    else await took(answer);
  } catch {
    say(about.dataset.failed);
  }
  busy = false;
};

const changed = () => {
  clearTimeout(waiting);
  waiting = setTimeout(save, PAUSE);
};

form.addEventListener("input", changed);
form.addEventListener("submit", () => { clearTimeout(waiting); });

// -- the keyboard --------------------------------------------------------------------------------

const questions = () => [...form.querySelectorAll(".question")].filter(
  (one) => one.querySelector(fields));
const options = (question) => [...question.querySelectorAll("[type=radio], [type=checkbox]")].filter(
  (one) => one.value !== "");
const NOTHING = { question: null, digits: "", at: 0, was: false };
let last = NOTHING; // the digit that may be the first of two

const enter = (question) => {
  const inside = [...question.querySelectorAll(fields)];
  (inside.find((one) => one.checked) || inside[0]).focus();
};

const choose = (box, on) => {
  if (!box) return;
  if (box.checked !== on) box.click();
  box.checked = on;
  box.focus();
};

const digit = (question, key) => {
  const all = options(question);
  const together = last.question === question && performance.now() - last.at < TOGETHER;
  const longer = together ? all[Number(last.digits + key) - 1] : undefined;
  if (longer) {
    const first = all[Number(last.digits) - 1];
    if (first.type === "checkbox") choose(first, last.was); // it was the beginning of a longer one
    choose(longer, longer.type === "radio" || !longer.checked);
    last = NOTHING;
  } else if (key === "0") {
    for (const box of all) box.checked = false;
    last = NOTHING;
    changed();
  } else if (all[Number(key) - 1]) {
    const box = all[Number(key) - 1];
    last = { question, digits: key, at: performance.now(), was: box.checked };
    choose(box, box.type === "radio" || !box.checked);
  }
};

const onward = (question) => {
  const all = questions();
  const next = all[all.indexOf(question) + 1];
  last = NOTHING;
  if (next) enter(next);
  else form.querySelector("[name=go][value=next]").click();
};

form.addEventListener("keydown", (event) => {
  const question = event.target.closest(".question");
  if (!question || event.altKey || event.metaKey) return;
  const isChoice = ["radio", "checkbox"].includes(event.target.type);
  const isText = event.target.matches("textarea");
  if (event.key === "Enter" && (isText ? event.ctrlKey : !event.ctrlKey)) {
    if (!event.target.matches(fields)) return;
    event.preventDefault();
    onward(question);
  } else if (isChoice && !event.ctrlKey && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    digit(question, event.key);
  }
});

about.hidden = false;
if (!matchMedia("(pointer: coarse)").matches) { // on a tablet, focus would open its keyboard
  form.classList.add("numbered");
  const [start] = questions();
  if (start && !form.querySelector("[aria-invalid]") && !location.hash) enter(start);
}
