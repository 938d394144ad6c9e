(() => {
  const mine = document.currentScript.dataset;
  document.documentElement.lang = mine.lang;
  document.addEventListener('click', (event) => {
    const language = event.target.closest('[data-lang].lang');
    if (language) {
      document.cookie = `f2p_lang=${language.dataset.lang};path=/;max-age=31536000;samesite=lax`;
      window.location.reload();
    }
    const thumb = event.target.closest('[data-show]');
    if (thumb) {
      const work = thumb.closest('.work');
      work.querySelectorAll('[data-paper]').forEach((one) => { one.hidden = one.dataset.paper !== thumb.dataset.show; });
      work.querySelectorAll('[data-show]').forEach((one) => one.setAttribute('aria-pressed', String(one === thumb)));
    }
    const skip = event.target.closest('.skip');
    if (skip) {
      event.preventDefault();
      document.querySelector('#sentence textarea').focus();
    }
  });
  document.addEventListener('input', (event) => {
    const slider = event.target.closest('.compare input[type=range]');
    if (slider) slider.parentElement.style.setProperty('--at', `${slider.value}%`);
  });
  const real = window.fetch.bind(window);
  let lost = null;
  window.fetch = async (...asked) => {
    try {
      const answer = await real(...asked);
      if (lost) { lost.remove(); lost = null; }
      return answer;
    } catch (error) {
      if (!lost && error.name !== 'AbortError' && document.body) {
        lost = Object.assign(document.createElement('div'), { className: 'lost', textContent: mine.lost });
        lost.setAttribute('role', 'status');
        document.body.append(lost);
      }
      throw error;
    }
  };
})();
