// Keys of the ticket list: J K walk, Enter opens, A takes, U urges. Without this file the list is links and each ticket has its buttons.
(() => {
  const form = document.getElementById('ticket-keys');
  if (!form) return;
  const KEY = 'starcare.keys';
  const box = document.getElementById('keys-on');
  let on = true;
  try { on = localStorage.getItem(KEY) !== 'off'; } catch { /* private window: holds for this page */ }
  box.checked = on;
  box.addEventListener('change', () => {
    on = box.checked;
    try { localStorage.setItem(KEY, on ? 'on' : 'off'); } catch { /* as above */ }
  });

  const links = [...document.querySelectorAll('a[data-ticket]')];
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

  const deed = (name) => {
    const link = links[here()];
    if (!link) return;
    form.action = `/tickets/${link.dataset.ticket}/steps`;
    form.elements.deed.value = name;
    form.elements.at.value = link.dataset.ticket;
    form.requestSubmit();
  };
  const COMMANDS = {
    j: () => go(here() + 1),
    k: () => go(here() < 0 ? 0 : here() - 1),
    a: () => deed('take'),
    u: () => deed('urge'),
    '?': () => document.querySelector('#ticket-help summary').click(),
  };
  document.addEventListener('keydown', (event) => {
    if (!on || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')) return;
    const command = COMMANDS[event.key.toLowerCase()];
    if (!command) return;
    event.preventDefault();
    command();
  });

  // after a deed the list comes back where it was
  const at = new URLSearchParams(location.search).get('at');
  if (at) go(links.findIndex((link) => link.dataset.ticket === at));
})();
