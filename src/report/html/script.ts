/**
 * The script of a report: filters the findings. Without it all of them are shown, and the form that it
 * serves stays hidden.
 */
export const SCRIPT = `
"use strict";
for (const form of document.querySelectorAll("form.filter")) {
  const list = document.getElementById(form.dataset.list);
  const items = [...list.children];
  const status = form.querySelector("output");
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const severity = form.elements.severity.value;
    const resource = form.elements.resource.value;
    let shown = 0;
    for (const item of items) {
      const text = item.textContent.toLowerCase();
      const fits =
        (severity === "" || item.dataset.severity === severity) &&
        (resource === "" || item.dataset.resource === resource) &&
        words.every((word) => text.includes(word));
      item.hidden = !fits;
      if (fits) shown++;
    }
    status.textContent = shown + " of " + items.length + " shown";
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  apply();
}
`;
