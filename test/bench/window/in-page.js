/* global document, requestAnimationFrame, window, PointerEvent, WheelEvent */
// Measured inside the page: frames a second, and how long one change keeps the page busy.
(() => {
  const plot = () => document.querySelector('[role=application]');
  const frame = () =>
    new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));

  /** Frames a second while `each` runs at the start of every frame. */
  function frames(each, ms) {
    return new Promise((resolve) => {
      let n = 0;
      const start = performance.now();
      const next = (now) => {
        if (now - start >= ms) return resolve((n / (now - start)) * 1000);
        n++;
        each(n);
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    });
  }

  /** Milliseconds of the page's work for a change: what follows at once, and its frame's drawing. */
  async function work(change, steps) {
    const all = [];
    for (let step = 0; step < steps; step++) {
      await frame();
      await new Promise((resolve) => setTimeout(resolve, 30));
      // Callbacks of a frame run in the order in which they were asked for: one before the chart's, one after.
      const begun = frame();
      const before = performance.now();
      change(step);
      await Promise.resolve().then(() => Promise.resolve());
      const during = performance.now() - before;
      const done = await frame();
      all.push(during + done - (await begun));
    }
    return all;
  }

  window.bench = {
    /** Milliseconds until the table of the run that a button opens, and its points, are on the screen. */
    async open(label) {
      const start = performance.now();
      document.querySelector(`button[aria-label="${label}"]`).click();
      while (!document.querySelector('table tr[aria-label^="c-"]')) await frame();
      await frame();
      await frame();
      return performance.now() - start;
    },

    /** Milliseconds until the fronts of these runs are in one picture. */
    async fronts(runs) {
      const start = performance.now();
      window.location.hash = ['#/fronts', ...runs.map(encodeURIComponent)].join('/');
      while (!document.querySelector('[role=application] canvas')) await frame();
      await frame();
      await frame();
      return performance.now() - start;
    },

    /** An empty canvas of the chart's size, cleared and filled anew each frame. */
    async empty(ms) {
      const canvas = document.createElement('canvas');
      canvas.width = plot().clientWidth;
      canvas.height = plot().clientHeight;
      canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
      plot().append(canvas);
      const context = canvas.getContext('2d');
      const rate = await frames((n) => {
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.fillRect(n % 50, 10, 20, 20);
      }, ms);
      canvas.remove();
      return rate;
    },

    /** The wheel turns in and out over the chart. */
    zoom(ms) {
      const box = plot().getBoundingClientRect();
      const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
      return frames((n) => {
        const deltaY = Math.floor(n / 20) % 2 === 0 ? -20 : 20;
        plot().dispatchEvent(
          new WheelEvent('wheel', { ...at, deltaY, bubbles: true, cancelable: true }),
        );
      }, ms);
    },

    /** The chart is dragged about; the button is down already. */
    pan(ms) {
      const { left, top, width, height } = plot().getBoundingClientRect();
      return frames((n) => {
        const clientX = left + width / 2 + 60 * Math.sin(n / 12);
        const clientY = top + height / 2 + 40 * Math.cos(n / 12);
        plot().dispatchEvent(
          new PointerEvent('pointermove', { clientX, clientY, pointerId: 1, bubbles: true }),
        );
      }, ms);
    },

    beta(steps) {
      const slider = document.querySelector('input[type=range]');
      return work((step) => {
        slider.value = String(0.5 + (step % 20) * 0.1);
        slider.dispatchEvent(new window.Event('input', { bubbles: true }));
      }, steps);
    },

    hover(steps) {
      const { left, top, width, height } = plot().getBoundingClientRect();
      return work((step) => {
        const clientX = left + width * (0.3 + 0.4 * ((step * 0.37) % 1));
        const clientY = top + height * (0.4 + 0.3 * ((step * 0.61) % 1));
        plot().dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
      }, steps);
    },
  };
})();
