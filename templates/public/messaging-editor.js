// A variable goes to where the cursor stands; without this script it is put at the end by the server.
(() => {
  const body = document.getElementById('body');
  if (!body || body.readOnly) return;
  document.addEventListener('click', (event) => {
    const pill = event.target.closest('button[data-insert]');
    if (!pill) return;
    event.preventDefault();
    body.setRangeText(`{{${pill.dataset.insert}}}`, body.selectionStart, body.selectionEnd, 'end');
    body.focus();
  });
})();
