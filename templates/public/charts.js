/* Charts read their figures from the table on the same page, so a chart and its table cannot disagree.
   <div class="sc-chart" data-chart="combo" data-table="t-hour" data-lower="34" data-upper="46"></div>
   Above the axis of counts stands data-unit, what is counted. A table that was swapped for a newer one is drawn anew.
   In that table: th[data-role] is x, bar, line or skip (a line is a rate, with data-axis="count" a count like the bars); td[data-v] holds the plain number (rates in percent).
   SVG renderer and rich-text tooltip: nothing here writes HTML, so a strict CSP holds. */
(() => {
  const css = getComputedStyle(document.documentElement);
  const v = (name) => css.getPropertyValue(name).trim();
  const C = { ink: v('--sc-ink-700'), mute: v('--sc-ink-500'), line: v('--sc-line'), brand: v('--sc-brand-600'), soft: '#a9c4f5',
    ok: v('--sc-ok-500'), bad: v('--sc-bad-500'), warn: v('--sc-warn-500'), care: v('--sc-care-500'), none: '#cfd7e4', teal: v('--sc-teal-500') };
  const font = v('--sc-font');

  function read(table) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    const rows = [...table.tBodies[0].rows].filter((r) => !r.classList.contains('is-total'));
    const col = (i) => rows.map((r) => { const d = r.cells[i].dataset.v; return d === undefined || d === '' ? null : Number(d); });
    const x = rows.map((r) => r.cells[heads.findIndex((h) => h.dataset.role === 'x')].dataset.l
      || r.cells[heads.findIndex((h) => h.dataset.role === 'x')].textContent.trim());
    const series = heads.map((h, i) => ({ role: h.dataset.role, name: h.dataset.name || h.textContent.trim(), color: h.dataset.color, stack: h.dataset.stack, axis: h.dataset.axis, data: col(i) }))
      .filter((s) => s.role === 'bar' || s.role === 'line');
    return { x, series };
  }

  function option(el, { x, series }) {
    const isRate = (s) => s.role === 'line' && s.axis !== 'count';
    const lines = series.some(isRate);
    const bars = series.some((s) => s.role === 'bar');
    const lower = el.dataset.lower && Number(el.dataset.lower);
    const upper = el.dataset.upper && Number(el.dataset.upper);
    // The last of many labels stands at the very edge and reaches beyond it, unless a second axis makes room there.
    const narrow = x.length > 14 && !(bars && lines);
    // Beside the plot, where no line can run through it; a second axis leaves no room there, so the words stand on a ground of their own.
    const beside = lower && !bars;
    const label = beside ? { position: 'end', distance: 6 } : { position: 'insideEndTop', backgroundColor: '#fff', padding: [1, 3], borderRadius: 3 };
    const limit = (y, name, color) => ({ yAxis: y, name, lineStyle: { color, type: 'dashed' }, label: { ...label, formatter: name + ' ' + y + '%', color: C.ink, fontSize: 11 } });
    const unit = el.dataset.unit;
    const named = unit ? { name: unit, nameLocation: 'end', nameGap: 10, nameTextStyle: { color: C.mute, fontSize: 11, align: 'left', padding: [0, 0, 0, -24] } } : {};
    const count = { type: 'value', splitNumber: 4, minInterval: unit ? 1 : 0, ...named, axisLabel: { color: C.mute, fontSize: 11 }, splitLine: { lineStyle: { color: C.line } } };
    const rate = { type: 'value', min: Number(el.dataset.min || 0), max: el.dataset.max ? Number(el.dataset.max) : upper ? (seen) => Math.ceil(Math.max(seen.max, upper) / 10) * 10 : null, splitNumber: 4,
      axisLabel: { color: C.mute, fontSize: 11, formatter: '{value}%' }, splitLine: { show: !bars, lineStyle: { color: C.line } } };
    return {
      animation: false, aria: { enabled: true },
      textStyle: { fontFamily: font, color: C.ink },
      grid: { left: 8, right: beside ? 74 : narrow ? 36 : 8, top: (series.length > 1 ? 34 : 16) + (unit ? 18 : 0), bottom: 4, containLabel: true },
      legend: series.length > 1 ? { top: 0, left: 0, itemWidth: 12, itemHeight: 8, icon: 'roundRect', textStyle: { color: C.ink, fontSize: 12 } } : undefined,
      tooltip: { trigger: 'axis', renderMode: 'richText', textStyle: { fontSize: 12, color: C.ink } },
      xAxis: { type: 'category', data: x, axisTick: { show: false }, axisLine: { lineStyle: { color: C.line } }, axisLabel: { color: C.mute, fontSize: 11, interval: el.dataset.every ? Number(el.dataset.every) - 1 : 'auto' } },
      yAxis: bars && lines ? [count, rate] : lines ? [rate] : [count],
      series: series.map((s, i) => ({
        name: s.name, type: s.role, data: s.data, stack: s.stack, yAxisIndex: isRate(s) && bars ? 1 : 0,
        barMaxWidth: 26, symbolSize: 6, symbol: 'circle', connectNulls: false,
        itemStyle: { color: s.role === 'line' && lower
          ? (p) => (p.value < lower || (upper && p.value > upper) ? C.bad : C[s.color] || C.brand)
          : C[s.color] || (s.role === 'bar' ? C.soft : C.brand), borderRadius: s.role === 'bar' && !s.stack ? [3, 3, 0, 0] : 0 },
        lineStyle: { width: 2, color: C[s.color] || C.brand },
        markLine: s.role === 'line' && lower ? { symbol: 'none', silent: true, data: [limit(lower, el.dataset.lowerName || '下限', C.bad)].concat(upper ? [limit(upper, el.dataset.upperName || '上限', C.ok)] : []) } : undefined,
        markArea: s.role === 'line' && lower && upper ? { silent: true, itemStyle: { color: C.ok, opacity: .07 }, data: [[{ yAxis: lower }, { yAxis: upper }]] } : undefined,
      })),
    };
  }

  const drawn = new WeakMap();
  function draw(el) {
    const table = document.getElementById(el.dataset.table);
    if (!table || !window.echarts) return;
    const figures = read(table);
    const seen = JSON.stringify(figures);
    if (drawn.get(el) === seen) return;
    drawn.set(el, seen);
    el.hidden = !figures.series.some((s) => s.data.some((d) => d !== null)); // nothing that may be judged yet: the open table says so
    if (el.hidden) return;
    const known = echarts.getInstanceByDom(el);
    if (known) { known.setOption(option(el, figures), true); return; }
    const chart = echarts.init(el, null, { renderer: 'svg', locale: document.documentElement.lang.startsWith('zh') ? 'ZH' : 'EN' });
    chart.setOption(option(el, figures));
    table.closest('details.sc-data')?.removeAttribute('open'); // without script the table stays open and the chart has no box
    new ResizeObserver(() => chart.resize()).observe(el);
  }
  const drawAll = () => document.querySelectorAll('[data-chart]').forEach(draw);
  drawAll();
  document.addEventListener('htmx:after:swap', drawAll); // panels that load by their own address
})();
