// Says so when the board stands still. The board is asked for again by htmx; a page whose server is away would go on showing old figures as if they were new.
(() => {
  const STALE_MS = 30_000;
  let seen = Date.now();
  let shown = document.getElementById('live-clock');
  setInterval(() => {
    const clock = document.getElementById('live-clock');
    const board = document.getElementById('board');
    if (!clock || !board) return;
    if (clock !== shown) {
      shown = clock;
      seen = Date.now();
    }
    if (Date.now() - seen < STALE_MS || clock.dataset.stale) return;
    clock.dataset.stale = '1';
    clock.className = 'sc-note sc-note--warn mb-2';
    clock.textContent = board.dataset.stale;
  }, 1_000);
})();
