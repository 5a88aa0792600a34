// Beside a question for a place: the device fills the box in, when somebody asks it to.
for (const button of document.querySelectorAll("button[data-locates]")) {
  const box = document.getElementById(button.dataset.locates);
  const status = button.nextElementSibling;
  const say = (text) => { status.textContent = text; };
  const fill = ({ coords }) => {
    box.value = [coords.latitude, coords.longitude].map((number) => number.toFixed(6)).join(", ");
    say("");
    box.focus();
  };
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    say(button.dataset.waiting);
    const fail = () => say(button.dataset.failed);
    const patience = { enableHighAccuracy: true, timeout: 20000 };
    navigator.geolocation.getCurrentPosition(fill, fail, patience);
  });
}
