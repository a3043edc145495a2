// Keyboard, timer and small comforts of the call desk. Without this file the page is a plain form that does the same.
(() => {
  const form = document.getElementById('attempt');
  const save = document.getElementById('save');
  const by = (id) => document.getElementById(id);
  const typing = (el) => el instanceof Element && el.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]');
  const press = (el) => { if (el) el.click(); };

  // ---- single keys can be turned off (WCAG 2.1.4); the choice stays with this browser
  const KEY = 'starcare.keys';
  const keysOn = by('keys-on');
  const stored = () => { try { return localStorage.getItem(KEY) !== 'off'; } catch { return true; } };
  let singleKeys = stored();
  if (keysOn) {
    keysOn.checked = singleKeys;
    keysOn.addEventListener('change', () => {
      singleKeys = keysOn.checked;
      try { localStorage.setItem(KEY, singleKeys ? 'on' : 'off'); } catch { /* private window: holds for this page */ }
    });
  }

  // ---- the timer counts what the desk can know: from the last press of dial to hang-up
  const timer = by('timer');
  const seconds = by('talkSeconds');
  let from = 0;
  let ticking = 0;
  let typed = false;
  const clock = (s) => `${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
  const elapsed = () => Math.round((performance.now() - from) / 1000);
  const say = (state) => { timer.querySelector('b').textContent = timer.dataset[state]; };
  /** One button at a time: what can be done now. */
  const offer = (deed) => { for (const button of timer.querySelectorAll('button')) button.hidden = button.dataset.do !== deed; };
  const show = () => {
    timer.querySelector('.sc-timer__v').textContent = clock(elapsed());
    seconds.value = elapsed();
  };
  // a question on its way while the task is saved or given back would be answered with "not yours any more"; a telephone rung then would stop the saving
  let leaving = false;
  let parting = new AbortController();
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    parting.abort();
  });
  addEventListener('pageshow', () => {
    leaving = false;
    parting = new AbortController();
  });
  /** In a frame of its own: an address that another program opens stops whatever the page itself is about to load. */
  const ring = (href) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = href;
    document.body.append(frame);
  };
  /** The server asks the gate once more, then has the telephone system dial, or gives the address that one's own telephone is rung by. */
  const place = async () => {
    const { dialBy } = timer.dataset;
    if (!dialBy) return;
    const headers = { 'csrf-token': form.elements._csrf.value, accept: 'application/json' };
    const answer = await fetch(dialBy, { method: 'POST', headers, signal: parting.signal }).catch(() => null);
    const said = answer && await answer.json().catch(() => null);
    if (leaving) return;
    if (answer && answer.ok) return void (said && said.href && ring(said.href));
    hangUp();
    if (said && said.error) timer.querySelector('b').textContent = said.error.message;
    else say('failed');
  };
  const dial = () => {
    if (!timer) return;
    place();
    count();
  };
  const count = () => {
    from = performance.now();
    clearInterval(ticking);
    ticking = setInterval(show, 500);
    form.elements.talkSource.value = 'desk';
    show();
    say('talking');
    offer('hang-up');
  };
  const hangUp = () => {
    if (!timer || !ticking) return;
    clearInterval(ticking);
    ticking = 0;
    show();
    say('after');
    offer('dial');
  };
  if (timer) {
    for (const button of timer.querySelectorAll('button')) {
      button.addEventListener('click', button.dataset.do === 'dial' ? dial : hangUp);
    }
    offer('dial');
    // the page that comes back with an error still knows how long the call was
    if (Number(seconds.value) > 0) {
      timer.querySelector('.sc-timer__v').textContent = clock(Number(seconds.value));
      say('after');
    }
    for (const link of document.querySelectorAll('[data-dial]')) {
      link.addEventListener('click', (event) => { event.preventDefault(); dial(); });
    }
    seconds.addEventListener('input', () => {
      typed = true;
      hangUp();
      form.elements.talkSource.value = 'self';
    });
  }

  // ---- where a switch tells of the call, the timer follows it: what it measured stands in place of what was counted here
  const EVERY_MS = 2_000;
  // nobody talked: the outcome the switch measured is chosen already, unless she has chosen one; dialled again it is nobody's
  let suggested = null;
  const suggest = (code) => {
    const input = code && by(`o-${code}`);
    if (!input || suggested === code || chosen()) return;
    suggested = code;
    input.checked = true;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    timer.querySelector('b').textContent = timer.dataset.suggested.replace('{outcome}', form.querySelector(`label[for="o-${code}"]`).textContent);
  };
  const unsuggest = () => {
    const now = suggested && chosen();
    if (now && now.value === suggested) {
      now.checked = false;
      now.dispatchEvent(new Event('change', { bubbles: true }));
    }
    suggested = null;
  };
  const follows = (call) => {
    if (typed) return;
    if (call.state === 'answered') {
      if (!ticking) count();
      from = performance.now() - call.talkSeconds * 1000;
      show();
    } else if (call.state === 'ended') {
      if (ticking) hangUp();
      if (suggested) return;
      seconds.value = call.talkSeconds;
      timer.querySelector('.sc-timer__v').textContent = clock(call.talkSeconds);
      form.elements.talkSource.value = 'desk';
      say('after');
      suggest(call.outcome);
    } else {
      unsuggest();
      clearInterval(ticking);
      ticking = 0;
      timer.querySelector('.sc-timer__v').textContent = clock(0);
      say('ringing');
      offer('hang-up');
    }
  };
  if (timer && timer.dataset.call) {
    setInterval(() => {
      if (document.hidden || leaving) return;
      fetch(timer.dataset.call, { signal: parting.signal })
        .then((answer) => (answer.status === 200 ? answer.json() : null))
        .then((call) => { if (call) follows(call); })
        .catch(() => { /* the next one asks again */ });
    }, EVERY_MS);
  }

  // ---- the chosen outcome opens its box and names the deed on the button
  const saveLabel = save && save.querySelector('span[data-label]');
  const chosen = () => form.querySelector('input[name=outcome]:checked');
  const follow = () => {
    const outcome = chosen();
    const asks = (what) => Boolean(outcome && outcome.dataset[what]);
    form.classList.toggle('is-callback', asks('callback'));
    form.classList.toggle('is-converted', asks('order'));
    by('box-callback').classList.toggle('sc-box--on', asks('callback'));
    by('box-order').classList.toggle('sc-box--on', asks('order'));
    form.classList.toggle('is-other', by('cb-other').checked);
    by('reason').required = asks('reason');
    if (saveLabel) saveLabel.textContent = (asks('saves') && saveLabel.getAttribute(`data-label-${outcome.dataset.saves}`)) || saveLabel.dataset.label;
  };
  if (form) {
    form.classList.add('has-script');
    form.addEventListener('change', follow);
    form.addEventListener('submit', hangUp);
    by('callbackOther').addEventListener('input', () => { by('cb-other').checked = true; });
    follow();
  }

  // ---- script branches: one at a time, [ and ] step through them
  const branches = [...document.querySelectorAll('[data-branch]')];
  const tabs = [...document.querySelectorAll('.sc-seg a[href^="#branch-"]')];
  let branch = 0;
  const turnTo = (i) => {
    if (branches.length === 0) return;
    branch = (i + branches.length) % branches.length;
    branches.forEach((el, n) => { el.hidden = n !== branch; });
    tabs.forEach((tab, n) => (n === branch ? tab.setAttribute('aria-current', 'true') : tab.removeAttribute('aria-current')));
  };
  tabs.forEach((tab, n) => tab.addEventListener('click', (event) => { event.preventDefault(); turnTo(n); }));
  turnTo(0);

  // ---- keys
  const focusIn = (id, selector) => { const el = by(id); if (el) (el.matches(selector) ? el : el.querySelector(selector))?.focus(); };
  const COMMANDS = {
    g: dial,
    h: hangUp,
    b: () => choose('callback'),
    o: () => choose('order'),
    n: () => focusIn('note', 'textarea'),
    t: () => focusIn('box-topics', 'input'),
    m: () => press(by('sms') || by('sms-last')),
    c: () => { const box = by('box-ticket'); if (box) { box.open = true; focusIn('box-ticket', 'select'); } },
    p: () => { const box = by('box-promise'); if (box) { box.open = true; focusIn('box-promise', 'select'); } },
    z: () => press(by('correct-last')),
    '[': () => turnTo(branch - 1),
    ']': () => turnTo(branch + 1),
    '?': () => press(document.querySelector('#give-back summary')),
  };
  // the ticket's form comes when its box is opened: the kind is asked first, and once there is a ticket the keys are the desk's again
  let ticketForm = by('call-ticket');
  document.addEventListener('htmx:after:swap', () => {
    if (by('call-ticket') === ticketForm) return; // something else of the page came: nobody's typing is interrupted
    ticketForm = by('call-ticket');
    focusIn('box-ticket', by('ticket-kind') ? '#ticket-kind' : 'summary');
  });

  /** Chooses an outcome and goes to what it asks for next. */
  function take(input) {
    input.checked = true;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    if (input.dataset.callback) focusIn('box-callback', 'input');
    else if (input.dataset.order) { focusIn('box-order', 'input'); by('box-order').scrollIntoView({ block: 'nearest' }); }
    else if (input.dataset.reason) by('reason').focus();
    else document.activeElement.blur();
  }

  /** The first outcome that asks for a callback, for an order. */
  function choose(what) {
    const input = form && form.querySelector(`input[name=outcome][data-${what}]`);
    if (input) take(input);
  }

  function outcomeKey(key) {
    const input = form && form.querySelector(`input[data-key="${CSS.escape(key.toUpperCase())}"]`);
    if (input) take(input);
    return Boolean(input);
  }

  // ---- an order: what the catalogue says of the product, and Enter goes on to what is not ticked yet
  const product = by('orderProduct');
  if (form && product) {
    const words = by('order-terms');
    const terms = () => {
      const offer = [...by('order-offers').options].find((one) => one.value === product.value.trim());
      const [price, months] = offer ? offer.dataset.terms.split('|') : [];
      const paid = offer && (offer.dataset.free ? words.dataset.free : words.dataset.paid.replace('{price}', price));
      words.textContent = !offer ? words.dataset.unknown : offer.dataset.open ? paid : `${paid} · ${words.dataset.contract.replace('{months}', months)}`;
      by('orderFree').closest('label').hidden = Boolean(offer);
    };
    product.addEventListener('input', terms);
    terms();
    const open = () => [...by('box-order').querySelectorAll('input[type=radio]')].some((one) => one.checked) ? by('box-order').querySelector('input[type=checkbox]:not(:checked):not(#orderFree)') : by('oi-answers');
    for (const box of [product, by('orderNo')])
      box.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.ctrlKey || event.isComposing) return;
        const next = open();
        if (!next) return;
        event.preventDefault();
        event.stopPropagation();
        next.focus();
      });
    const wrong = by('box-order').querySelector('.sc-err');
    if (wrong) (wrong.id === 'orderProduct-error' ? product : open() || product).focus();
  }

  // A point talked about is its reason talked about.
  document.querySelectorAll('#box-topics input[data-of]').forEach((check) =>
    check.addEventListener('change', () => { if (check.checked) by(check.dataset.of).checked = true; }));

  /** Inside a box of choices a digit takes the choice of that number. */
  function boxKey(key) {
    const box = document.activeElement && document.activeElement.closest('#box-topics, #box-callback, #box-order');
    const choice = box && /^[1-9]$/.test(key) ? box.querySelectorAll('input[type=checkbox], input[type=radio]')[Number(key) - 1] : undefined;
    if (!choice) return false;
    choice.click();
    if (choice.id === 'cb-other') by('callbackOther').focus();
    else choice.focus();
    return true;
  }

  const submit = (stay) => press(stay ? by('save-stay') || save : save);

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || document.querySelector('dialog[open]')) return;
    const field = typing(event.target);
    if (!field && event.key === 'Escape' && document.activeElement.closest('#attempt')) document.activeElement.blur();
    if (field && event.key === 'Escape') { event.target.blur(); event.preventDefault(); return; }
    if (field && event.key === 'Enter' && event.ctrlKey) { event.preventDefault(); submit(false); return; }
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      if (event.target.closest && event.target.closest('a, button, summary') && event.target !== save) return;
      event.preventDefault();
      submit(event.shiftKey);
      return;
    }
    if (!singleKeys) return;
    const command = COMMANDS[event.key.toLowerCase()];
    if (boxKey(event.key) || (event.key.length === 1 && outcomeKey(event.key))) event.preventDefault();
    else if (command && form) {
      event.preventDefault();
      command();
    }
  });
})();
