// Small comforts every page shares. Each page works without them.
(() => {
  const typing = (el) => el.closest('input, textarea, select, [contenteditable]');

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      for (const pop of document.querySelectorAll('details.sc-pop[open]')) pop.removeAttribute('open');
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
