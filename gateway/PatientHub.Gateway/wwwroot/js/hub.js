// Improvements only: every page is complete without this file.
(function () {
  'use strict';
  document.documentElement.classList.add('js-enabled');

  // An error summary is read first.
  const summary = document.querySelector('.nhsuk-error-summary');
  if (summary) {
    summary.setAttribute('tabindex', '-1');
    summary.focus();
  }

  // A second touch of a button within two seconds is the same touch.
  document.addEventListener('submit', function (event) {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    window.setTimeout(function () { delete form.dataset.sent; }, 2000);
  });
  window.addEventListener('pageshow', function (event) {
    // A page kept by the browser may show what belongs to a session that is over.
    if (event.persisted) window.location.reload();
  });

  // The page brings the words, in its language: [seconds left at most, words], rising.
  const wordsFor = function (steps, left) {
    return (steps.find(function (step) { return left <= step[0]; }) || steps[steps.length - 1])[1];
  };

  // Quiet countdown of a code: said every 30 seconds, and once at the end.
  const countdown = document.querySelector('[data-ends-in]');
  if (countdown) {
    const end = Date.now() + Number(countdown.dataset.endsIn) * 1000;
    const steps = JSON.parse(countdown.dataset.steps);
    let said = '';
    const tick = function () {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      const words = left === 0 ? countdown.dataset.over : wordsFor(steps, left);
      if (words !== said) {
        countdown.textContent = words;
        said = words;
      }
      if (left > 0) window.setTimeout(tick, 1000);
    };
    tick();
  }

  // The session: a warning two minutes before it ends, which lets the patient stay (A20).
  const warning = document.querySelector('dialog[data-session-warning]');
  if (warning && typeof warning.showModal === 'function') {
    const text = warning.querySelector('[data-session-left]');
    const steps = JSON.parse(text.dataset.sessionLeft);
    const extend = warning.querySelector('[data-session-extend]');
    let idleStart = Date.now();
    const absoluteEnd = Date.now() + Number(warning.dataset.absoluteSeconds) * 1000;
    const idle = Number(warning.dataset.idleSeconds) * 1000;
    const warn = Number(warning.dataset.warnSeconds) * 1000;
    // What was typed and not sent is kept for the same patient.
    const typed = function () {
      return Array.from(document.querySelectorAll('main form')).find(function (form) {
        return Array.from(form.elements).some(function (field) {
          return field.type === 'checkbox' || field.type === 'radio' ? field.checked !== field.defaultChecked : field.type !== 'hidden' && 'defaultValue' in field && field.value !== field.defaultValue;
        });
      });
    };
    let left = false;
    const leave = function () {
      if (left) return;
      left = true;
      const go = function (why) { window.location.assign('/signed-out?why=' + why); };
      const form = typed();
      if (!form) {
        go('idle');
        return;
      }
      const body = new FormData(form);
      body.append('KeptPath', window.location.pathname);
      fetch('/session/keep', { method: 'POST', body: body })
        .then(function (answer) { go(answer.status === 204 ? 'kept' : 'idle'); })
        .catch(function () { go('idle'); });
    };
    const tick = function () {
      const now = Date.now();
      const end = Math.min(idleStart + idle, absoluteEnd);
      if (now >= end) {
        leave();
        return;
      }
      if (end - now <= idle - warn) {
        const words = wordsFor(steps, (end - now) / 1000);
        if (text.textContent !== words) text.textContent = words;
        // At the 60 minutes nothing can be extended.
        extend.hidden = absoluteEnd <= idleStart + idle;
        if (!warning.open) warning.showModal();
      }
      window.setTimeout(tick, 1000);
    };
    extend.addEventListener('submit', function (event) {
      event.preventDefault();
      event.stopPropagation();
      fetch(extend.action, { method: 'POST', body: new FormData(extend), headers: { 'X-Requested-With': 'fetch' }, redirect: 'manual' })
        .then(function (answer) {
          if (answer.status !== 204) {
            leave();
            return;
          }
          idleStart = Date.now();
          warning.close();
        })
        .catch(leave);
    });
    tick();
  }

  // The code of a text message, where the browser can read it.
  const code = document.querySelector('input[autocomplete="one-time-code"]');
  if (code && 'OTPCredential' in window) {
    const stop = new AbortController();
    code.form.addEventListener('submit', function () { stop.abort(); });
    navigator.credentials.get({ otp: { transport: ['sms'] }, signal: stop.signal })
      .then(function (otp) { if (otp) code.value = otp.code; })
      .catch(function () { });
  }
})();
