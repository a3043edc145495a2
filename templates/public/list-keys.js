// Keys of a list: J K walk its rows, Enter opens, the letter on `data-key` presses it, other letters go to the page as `row-key`. Without this file the list is links and buttons.
(() => {
  const box = document.getElementById('keys-on');
  if (!box) return;
  const KEY = 'starcare.keys';
  let on = true;
  try { on = localStorage.getItem(KEY) !== 'off'; } catch { /* private window: holds for this page */ }
  box.checked = on;
  box.addEventListener('change', () => {
    on = box.checked;
    try { localStorage.setItem(KEY, on ? 'on' : 'off'); } catch { /* as above */ }
  });

  const links = [...document.querySelectorAll('a[data-row]')];
  const rowOf = (link) => link.closest('tr');
  const here = () => links.findIndex((link) => rowOf(link).contains(document.activeElement));
  const go = (i) => {
    const link = links[Math.min(Math.max(i, 0), links.length - 1)];
    if (!link) return;
    link.focus();
    rowOf(link).scrollIntoView({ block: 'nearest' });
  };
  const mark = () => { const at = here(); links.forEach((link, i) => rowOf(link).classList.toggle('is-at', i === at)); };
  document.addEventListener('focusin', mark);
  document.addEventListener('focusout', mark);

  const COMMANDS = {
    j: () => go(here() + 1),
    k: () => go(here() < 0 ? 0 : here() - 1),
    '?': () => document.querySelector('[data-keys-help] summary').click(),
  };
  /** Whether anything on the page answers to a key. */
  const press = (key) => {
    if (COMMANDS[key]) COMMANDS[key]();
    const button = document.querySelector(`button[data-key="${CSS.escape(key)}"]`);
    button?.click();
    const row = links[here()]?.dataset.row;
    return Boolean(COMMANDS[key] ?? button) || !document.dispatchEvent(new CustomEvent('row-key', { cancelable: true, detail: { key, row } }));
  };
  document.addEventListener('keydown', (event) => {
    if (!on || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')) return;
    if (press(event.key.toLowerCase())) event.preventDefault();
  });

  // after a deed the list comes back where it was
  const at = new URLSearchParams(location.search).get('at');
  if (at) go(links.findIndex((link) => link.dataset.row === at));
})();
