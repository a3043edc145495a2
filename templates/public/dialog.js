// A question before a deed has a page of its own (ui.md 8). With scripts, <a data-dialog> shows that page's box as a dialog instead:
// Esc, a click beside it and <a data-close> close it, and the focus goes back to where it was.
(() => {
  const opener = (href) => [...document.querySelectorAll('a[data-dialog]')].find((link) => link.href === href);

  function show(box, href) {
    const dialog = document.createElement('dialog');
    dialog.className = 'sc-dialog';
    for (const name of ['role', 'aria-labelledby', 'aria-describedby']) if (box.hasAttribute(name)) dialog.setAttribute(name, box.getAttribute(name));
    dialog.append(...box.childNodes);
    dialog.addEventListener('click', (event) => {
      if (event.target !== dialog && !event.target.closest('[data-close]')) return;
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      opener(href)?.focus(); // looked up again: a page that follows a job may have replaced the link meanwhile
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  async function ask(link) {
    const answer = await fetch(link.href, { headers: { accept: 'text/html' } });
    const box = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.sc-dialog');
    if (box && answer.ok) show(document.adoptNode(box), link.href);
    else location.assign(link.href); // logged out, gone, or not asked here: the page says it
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-dialog]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!document.querySelector('dialog[open]')) ask(link).catch(() => location.assign(link.href));
  });
})();
