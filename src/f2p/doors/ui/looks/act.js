const send = (from, more) => trigger('act', { ...from.dataset, ...more });
element.addEventListener('click', (event) => {
  const pressed = event.target.closest('[data-do]');
  if (!pressed || !element.contains(pressed)) return;
  event.preventDefault();
  if (pressed.dataset.sure && !window.confirm(pressed.dataset.sure)) return;
  send(pressed, {});
});
element.addEventListener('change', (event) => {
  const picked = event.target.closest('select[data-pick]');
  if (picked && picked.value) send(picked, { do: 'say', key: picked.dataset.pick, words: picked.value });
});
