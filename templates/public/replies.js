// Keys of the box of unclear answers: J and the arrow walk, the letters choose a button, Enter presses it. Without this file the buttons do.
(() => {
  const box = document.getElementById('keys-on');
  const items = [...document.querySelectorAll('[data-reply]')];
  if (!box || items.length === 0) return;
  const KEY = 'starcare.keys';
  try { box.checked = localStorage.getItem(KEY) !== 'off'; } catch { /* private window: holds for this page */ }
  box.addEventListener('change', () => { try { localStorage.setItem(KEY, box.checked ? 'on' : 'off'); } catch { /* as above */ } });
  const here = () => items.findIndex((item) => item.contains(document.activeElement));
  const go = (i) => { const item = items[Math.min(Math.max(i, 0), items.length - 1)]; item.focus(); item.scrollIntoView({ block: 'nearest' }); };
  go(0);
  document.addEventListener('keydown', (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches('input, textarea, select')) return;
    const key = event.key.toLowerCase();
    if (key === 'j' || key === 'arrowdown') { event.preventDefault(); return go(here() + 1); }
    if (key === 'arrowup') { event.preventDefault(); return go(here() - 1); }
    const button = items[Math.max(here(), 0)]?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (button) { event.preventDefault(); button.focus(); }
  });
})();
