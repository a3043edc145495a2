// Small comforts every page shares. Each page works without them.
(() => {
  const typing = (el) => el.closest('input, textarea, select, [contenteditable]');

  /** Esc leaves a text field, then the page, where it has a way back: nothing typed goes with one press. */
  const back = (event) => {
    const way = document.querySelector('a[data-esc]');
    if (!way || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if (event.target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select')) event.target.blur();
    else way.click();
  };

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      const pops = document.querySelectorAll('details.sc-pop[open]');
      for (const pop of pops) pop.removeAttribute('open');
      if (pops.length === 0) back(event);
      return;
    }
    if (event.key === '/' && !typing(event.target)) {
      const search = document.querySelector('.sc-search input');
      if (!search) return;
      event.preventDefault();
      search.focus();
    }
  });

  document.addEventListener('click', (event) => {
    for (const pop of document.querySelectorAll('details.sc-pop[open]')) if (!pop.contains(event.target)) pop.removeAttribute('open');
  });

  // What is typed into a password can be looked at; it is a password again before it is sent, or the browser would remember it as text.
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-shows]');
    if (!button) return;
    const input = document.getElementById(button.dataset.shows);
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(shown));
    button.firstElementChild.className = shown ? 'ti ti-eye-off' : 'ti ti-eye';
    input.focus();
  });
  for (const button of document.querySelectorAll('[data-shows]')) {
    button.hidden = false;
    button.form.addEventListener('submit', () => { document.getElementById(button.dataset.shows).type = 'password'; });
  }

  // A form that came back puts the cursor where the fault is.
  const faulty = document.querySelector('[aria-invalid="true"]');
  if (faulty) faulty.focus();

  // A second press on a slow day must not be a second deed. Buttons wake again when the page is shown from the back list.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method === 'get' || form.dataset.again !== undefined) return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = '1';
  });
  const wake = () => { for (const form of document.forms) delete form.dataset.sent; };
  window.addEventListener('pageshow', wake);
  document.addEventListener('htmx:after:request', wake);
})();
