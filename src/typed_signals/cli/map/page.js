"use strict";

const byId = (id) => document.getElementById(id);
const signals = [...document.querySelectorAll(".signal")];
const others = [...document.querySelectorAll(".unknown")];
const texts = new Map([...signals, ...others].map((each) => [each, each.textContent.toLowerCase()]));
const search = byId("search");
const packages = byId("package");
const kinds = byId("kind");
const marks = [...document.querySelectorAll("form input[type=checkbox]")];

function isShown(element, words) {
  const { packages: inside, kind, marks: lacks } = element.dataset;
  return (
    words.every((word) => texts.get(element).includes(word)) &&
    (!packages.value || inside.split(" ").includes(packages.value)) &&
    (!kinds.value || kind === kinds.value) &&
    marks.every((box) => !box.checked || lacks.split(",").includes(box.value))
  );
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const element of [...signals, ...others]) {
    element.hidden = !isShown(element, words);
  }
  for (const signal of signals) {
    count += signal.hidden ? 0 : 1;
    // Show what was found if it is not in the line that is always visible.
    const line = signal.querySelector("summary").textContent.toLowerCase();
    const isInside = words.length > 0 && !signal.hidden && !words.every((word) => line.includes(word));
    if (isInside && !signal.open) {
      signal.open = true;
      signal.dataset.found = "";
    } else if (!isInside && "found" in signal.dataset) {
      signal.open = false;
      delete signal.dataset.found;
    }
  }
  for (const section of document.querySelectorAll("main > section")) {
    section.hidden = !section.querySelector(".signal:not([hidden]), .unknown:not([hidden])");
  }
  byId("count").value = `${count} of ${signals.length} signals shown`;
}

// Show which ends a change of a key touches; none if it is null.
function mark(signal, key) {
  const counts = { touched: 0, maybe: 0 };
  for (const end of signal.querySelectorAll(".end")) {
    for (const how of ["touched", "maybe"]) {
      const isSo = key !== null && end.dataset[how].split("\n").includes(key);
      end.classList.toggle(how, isSo);
      counts[how] += isSo ? 1 : 0;
    }
    end.classList.toggle("aside", key !== null && !end.matches(".touched, .maybe"));
  }
  const perhaps = counts.maybe ? `, perhaps also by ${counts.maybe} (dashed)` : "";
  signal.querySelector(".impact").value =
    key === null ? "" : `${key} is used by ${counts.touched}${perhaps}`;
}

for (const signal of signals) {
  let pressed = null;
  for (const button of signal.querySelectorAll(".key")) {
    const show = () => mark(signal, button.dataset.key);
    const restore = () => mark(signal, pressed && pressed.dataset.key);
    button.addEventListener("mouseenter", show);
    button.addEventListener("mouseleave", restore);
    button.addEventListener("focus", show);
    button.addEventListener("blur", restore);
    button.addEventListener("click", () => {
      const isPressed = pressed === button;
      pressed?.setAttribute("aria-pressed", "false");
      pressed = isPressed ? null : button;
      pressed?.setAttribute("aria-pressed", "true");
      restore();
    });
  }
}

function openTarget() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches(".signal")) {
    target.open = true;
    target.scrollIntoView();
  }
}

byId("filters").addEventListener("input", filter);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll(".to-package")) {
  button.addEventListener("click", () => {
    packages.value = button.value;
    filter();
    packages.focus();
  });
}
for (const [id, isOpen] of [["open", true], ["close", false]]) {
  byId(id).addEventListener("click", () => {
    for (const signal of signals) {
      signal.open = isOpen && !signal.hidden;
    }
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.body.classList.add("quiet");
  } else if (event.key === "/" && !event.target.matches("input, select")) {
    event.preventDefault();
    search.focus();
  }
});
for (const type of ["focusin", "mouseover"]) {
  document.addEventListener(type, () => document.body.classList.remove("quiet"));
}
addEventListener("hashchange", openTarget);
byId("filters").hidden = false;
filter();
openTarget();
