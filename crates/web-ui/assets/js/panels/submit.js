// The dialog that submits a job and then follows it.

import { copyBlock } from "../clipboard.js";
import { el, setText } from "../dom.js";
import { EXAMPLES, HINTS, complaints, parsePayload, readForm } from "../form.js";
import { curlPost, pretty } from "../format.js";
import { icon } from "../icons.js";
import { publicUrl } from "../links.js";
import { createFollow } from "./submit-follow.js";

const OTHER = "";

/** A labelled control with room for a hint and an error, tied together for screen readers. */
function field(name, label, control, hint = "") {
  const hintNode = el("p", { className: "hint", id: `submit-${name}-hint` }, hint);
  const errorNode = el("p", { className: "field-error", id: `submit-${name}-error` });
  control.id = `submit-${name}`;
  control.setAttribute("aria-describedby", `${hintNode.id} ${errorNode.id}`);
  const node = el("div", { className: "field" }, el("label", { for: control.id }, label), control, hintNode, errorNode);
  return {
    node,
    control,
    hint: (text) => setText(hintNode, text),
    error(text) {
      control.setAttribute("aria-invalid", String(Boolean(text)));
      errorNode.replaceChildren(...(text ? [icon("alert"), text] : []));
    },
  };
}

function createFields() {
  const kinds = Object.keys(EXAMPLES).map((name) => el("option", { value: name }, name));
  const kind = el("select", {}, kinds, el("option", { value: OTHER }, "Other…"));
  const text = { autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
  const number = { type: "text", inputmode: "decimal", autocomplete: "off", placeholder: "default" };
  return {
    kind: field("kind", "Handler", kind),
    type: field("type", "Type", el("input", { type: "text", ...text, placeholder: "my-handler" }), "The name a handler is registered under."),
    payload: field("payload", "Payload (JSON)", el("textarea", { rows: 7, ...text, className: "mono" })),
    timeoutSeconds: field("timeout", "Time limit, seconds", el("input", number), "For one attempt."),
    maxAttempts: field("attempts", "Most attempts", el("input", { ...number, inputmode: "numeric" }), "The first one counts."),
  };
}

/** Gives the function that opens the dialog, empty or filled from a job. */
export function mountSubmit(dialog, context) {
  const fields = createFields();
  const general = el("div", { className: "callout tone-bad", role: "alert", hidden: true });
  const send = el("button", { type: "submit", className: "button primary" }, "Submit");
  const cancel = el("button", { type: "button", className: "button", on: { click: () => dialog.close() } }, "Cancel");
  const format = el("button", { type: "button", className: "button small", on: { click: layOut } }, "Tidy up");
  const curl = copyBlock("", "curl command", context.announce);
  const form = el(
    "form",
    { novalidate: "", className: "submit-form" },
    el("div", { className: "field-row" }, fields.kind.node, fields.type.node),
    el("div", { className: "field-tools" }, fields.payload.node, format),
    el("div", { className: "field-row" }, fields.timeoutSeconds.node, fields.maxAttempts.node),
    el("details", { className: "as-curl" }, el("summary", {}, "The same from a terminal"), curl),
    general,
    el("footer", { className: "modal-foot" }, el("span", { className: "hint" }, "Ctrl + Enter submits"), cancel, send),
  );
  const follow = createFollow(context, { again: () => showForm(), close: () => dialog.close() });
  const close = el("button", { type: "button", className: "icon-button drawer-close", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close"));
  const title = el("h2", { id: "submit-title" });
  dialog.append(el("header", { className: "modal-head" }, title, close), form, follow.node);
  let example = "";

  function typed() {
    return {
      type: fields.kind.control.value || fields.type.control.value,
      payload: fields.payload.control.value,
      timeoutSeconds: fields.timeoutSeconds.control.value,
      maxAttempts: fields.maxAttempts.control.value,
    };
  }

  /** Offers the example of the chosen handler, unless that would overwrite what was typed. */
  function chooseKind() {
    const kind = fields.kind.control.value;
    fields.type.node.hidden = kind !== OTHER;
    fields.kind.hint(HINTS[kind] ?? "Any handler that is registered by name.");
    const payload = fields.payload.control;
    if (payload.value.trim() === "" || payload.value === example) {
      example = kind === OTHER ? "" : pretty(EXAMPLES[kind]);
      payload.value = example;
    }
    check();
  }

  /** While typing only the payload is judged; the rest waits for the submit. */
  function check() {
    fields.payload.error(parsePayload(fields.payload.control.value).error);
    const { job } = readForm(typed());
    const gateway = publicUrl(context.config.gatewayUrl) ?? context.config.gatewayUrl;
    setText(curl.querySelector("pre"), job ? curlPost(`${gateway}/jobs`, job) : "Fill in the form first.");
  }

  function layOut() {
    const { value } = parsePayload(fields.payload.control.value);
    if (value !== undefined) fields.payload.control.value = pretty(value);
    check();
  }

  function showErrors(errors, lines = []) {
    for (const [name, input] of Object.entries(fields)) input.error(errors[name] ?? "");
    if (errors.type && fields.kind.control.value !== OTHER) fields.kind.error(errors.type);
    general.hidden = lines.length === 0;
    general.replaceChildren(icon("alert"), el("div", {}, lines.map((line) => el("p", {}, line))));
    form.querySelector("[aria-invalid=true]")?.focus();
  }

  function showRefusal(error) {
    const { fields: byField, general: rest } = complaints(error.details ?? []);
    showErrors(byField, [`${error.title || "Not submitted"}: ${error.message}`, ...rest]);
  }

  async function submit() {
    const { job, errors } = readForm(typed());
    showErrors(errors ?? {});
    if (!job || send.disabled) return;
    send.disabled = true;
    setText(send, "Submitting…");
    try {
      const { jobId } = await context.api.submit(job);
      showFollow(job, jobId);
    } catch (error) {
      showRefusal(error);
    } finally {
      send.disabled = false;
      setText(send, "Submit");
    }
  }

  function showForm() {
    follow.stop();
    setText(title, "Submit a job");
    form.hidden = false;
    follow.node.hidden = true;
    showErrors({});
    chooseKind();
    fields.kind.control.focus();
  }

  function showFollow(job, jobId) {
    setText(title, "Your job");
    form.hidden = true;
    follow.node.hidden = false;
    follow.start(job, jobId);
  }

  function fill(job) {
    const known = Object.hasOwn(EXAMPLES, job.type);
    fields.kind.control.value = known ? job.type : OTHER;
    fields.type.control.value = known ? "" : String(job.type ?? "");
    fields.payload.control.value = job.payload === undefined || job.payload === null ? "{}" : pretty(job.payload);
    fields.timeoutSeconds.control.value = job.timeoutSeconds ?? "";
    fields.maxAttempts.control.value = job.retry?.maxAttempts ?? "";
    example = "";
  }

  fields.kind.control.addEventListener("change", chooseKind);
  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && !follow.node.hidden) dialog.close();
  });
  dialog.addEventListener("close", follow.stop);
  return (job) => {
    if (job) fill(job);
    if (!dialog.open) dialog.showModal();
    showForm();
  };
}
