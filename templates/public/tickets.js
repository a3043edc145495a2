// What keys do to the ticket that is walked to, besides those of list-keys.js: A takes, U urges. Without this file each ticket has its buttons.
(() => {
  const form = document.getElementById('ticket-keys');
  const DEEDS = { a: 'take', u: 'urge' };
  document.addEventListener('row-key', (event) => {
    const { key, row } = event.detail;
    if (!form || !DEEDS[key] || !row) return;
    event.preventDefault();
    form.action = `/tickets/${row}/steps`;
    form.elements.deed.value = DEEDS[key];
    form.elements.at.value = row;
    form.requestSubmit();
  });
})();
