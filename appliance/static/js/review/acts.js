// What each key and button does. A decision is shown as made at once and sent in the background.

export function makeActs({ form, viewer, picker, saver, urls, page }) {
  const decide = (verb, path, more = {}) => saver.send(urls.decide, { verb, path, ...more });

  /** What the field in hand says now, as an act; null where there is nothing new to say. */
  function said(input) {
    const path = input.dataset.path;
    const text = input.value;
    const isMisread = form.misreadButton(input)?.getAttribute("aria-pressed") === "true" || page.isPickMisread();
    if (picker.hasWords && picker.path === path) {
      const { spans, text: picked } = picker;
      picker.stop();
      return text === picked ? ["take", path, { spans }] : ["type", path, { text, spans, is_ocr_wrong: isMisread }];
    }
    if (picker.isOn) picker.stop();
    if (form.isDirty(input)) return ["type", path, { text, is_ocr_wrong: isMisread }];
    return ["to_check", "unchecked"].includes(input.dataset.status) ? ["confirm", path] : null;
  }

  function settle(input, status) {
    input.dataset.status = status;
    if (input instanceof HTMLInputElement) input.defaultValue = input.value;
    if (input instanceof HTMLSelectElement) [...input.options].forEach((option) => (option.defaultSelected = option.selected));
  }

  function onward(path) {
    const next = form.nextToCheck(path);
    if (next) next.focus();
    else page.finishButton?.focus();
  }

  /** Leaving a field saves what was typed or picked there; only looking at it decides nothing. */
  function keep(input) {
    const isNew = form.isDirty(input) || (picker.hasWords && picker.path === input.dataset.path);
    const act = isNew ? said(input) : null;
    if (!act) return;
    settle(input, "corrected");
    decide(...act);
  }

  function onActive(work) {
    return () => {
      const input = form.activeInput;
      if (form.isEditable && input) work(input, input.dataset.path);
    };
  }

  const acts = {
    confirm: onActive((input, path) => {
      const act = said(input);
      if (act) {
        settle(input, "confirmed");
        decide(...act);
      }
      onward(path);
    }),
    absent: onActive((input, path) => {
      if (picker.isOn) picker.stop();
      if (input instanceof HTMLInputElement) input.value = "";
      settle(input, "absent");
      decide("absent", path);
      onward(path);
    }),
    choose: (number) => {
      const path = form.active;
      const button = path && form.root.querySelectorAll(`[data-act="choose"][data-path="${CSS.escape(path)}"]`)[number - 1];
      if (button) button.click();
    },
    misread: onActive((input) => {
      const button = picker.isOn ? page.pickMisread : form.misreadButton(input);
      if (button && !button.hidden) button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    }),
    removeRow: onActive((input, path) => {
      const row = path.match(/^(.*\])/)?.[1];
      if (row) decide("remove_row", row);
    }),
    /** The words picked for a field of a table make a row of their own. */
    rowFromPick: onActive((input, path) => {
      const list = path.match(/^(.*)\[\d+\]/)?.[1];
      if (!list || !picker.hasWords) return;
      const { spans } = picker;
      picker.stop({ restore: true });
      acts.addRow(list, { spans });
    }),
    addRow: async (path, more) => {
      const data = await decide("add_row", path, more);
      if (!data) return;
      const cells = form.inputs.filter((input) => input.dataset.path.startsWith(`${path}[`));
      const last = cells.at(-1)?.dataset.path.match(/^(.*?\[\d+\])(?!.*\[)/)?.[1];
      cells.find((input) => input.dataset.path.startsWith(last))?.focus();
    },
    pick: onActive((input) => input instanceof HTMLInputElement && picker.startByKeys(input)),
    undo: () => form.isEditable && decide("undo", ""),
    back: onActive((input) => {
      if (picker.isOn) picker.stop({ restore: true });
      else if (form.isDirty(input)) form.restore(input);
      else viewer.stage.focus();
    }),
    finish: async () => {
      if (!form.isEditable) return;
      const input = form.activeInput;
      if (input) keep(input);
      const data = await saver.send(urls.finish);
      if (data) window.location.assign(data.next);
    },
    backToField: () => form.activeInput?.focus(),
    nextField: () => form.step(1),
    previousField: () => form.step(-1),
    nextPage: () => viewer.step(1),
    previousPage: () => viewer.step(-1),
    zoomIn: () => viewer.zoomBy(1.25),
    zoomOut: () => viewer.zoomBy(0.8),
    fit: () => viewer.fit(),
    rotate: () => viewer.rotate(),
    keys: () => page.keys.showModal(),
    decide,
    keep,
    settle,
    onward,
  };
  return acts;
}
