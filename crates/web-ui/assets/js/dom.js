// Building the page. Text only ever becomes text here: nothing in this file, or in the page, takes markup.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["className", "hidden", "disabled", "value", "title", "checked", "open", "tabIndex"]);

/**
 * An element with properties, attributes, listeners (`on: { click }`) and data (`data: { id }`).
 * Children are nodes or values that become text; null, undefined and false are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name === "on") listen(node, value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter(present));
  return node;
}

/** The same for SVG; attributes only. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat().filter(present));
  return node;
}

function listen(node, listeners) {
  for (const [type, listener] of Object.entries(listeners)) node.addEventListener(type, listener);
}

function present(child) {
  return child !== null && child !== undefined && child !== false;
}

export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page has no element #${id}`);
  return node;
}

/** Writes text only when it changed, so that a selection in it survives a refresh. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Says that a panel shows what is true now. Until the first time it shows that it has nothing yet. */
export function markFresh(panel) {
  panel.classList.remove("unloaded");
  setNote(panel, "");
}

/** Says in a panel's head why it is out of date. A service that is away is the banner's affair. */
export function markStale(panel, error) {
  if (!error.isAway) setNote(panel, `not refreshed: ${error.message}`);
}

function setNote(panel, text) {
  setText(panel.querySelector(".panel-note"), text);
  panel.classList.toggle("stale", text !== "");
}

/**
 * Makes the children of `parent` match `items`: nodes are kept by key, so focus, selection and an open
 * disclosure survive a refresh. `create(item)` gives a node, `update(node, item, isNew)` fills it.
 */
export function keyed(parent, items, keyOf, create, update) {
  const wanted = new Map(items.map((item) => [String(keyOf(item)), item]));
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  for (const [key, node] of old) {
    if (!wanted.has(key)) node.remove();
  }
  let place = parent.firstElementChild;
  for (const [key, item] of wanted) {
    const known = old.get(key);
    const node = known ?? create(item);
    node.dataset.key = key;
    update(node, item, !known);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}
