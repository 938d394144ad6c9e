const place = element.querySelector('.drop');
const field = () => element.querySelector('input[type=file]');
const told = () => element.querySelector('.told');
const preview = () => element.querySelector('.preview');
const many = () => !!element.querySelector('[data-many]');
const label = () => element.querySelector('.drop');

function show(chosen) {
  preview().replaceChildren();
  label().classList.toggle('full', chosen.length > 0);
  chosen.slice(0, 12).forEach((one) => {
    const picture = document.createElement('img');
    picture.alt = one.name || '';
    picture.src = one.url;
    picture.onerror = () => picture.replaceWith(Object.assign(document.createElement('b'), { textContent: one.name || '?' }));
    preview().append(picture);
  });
  told().textContent = chosen.length > 1 ? `${chosen.length} ${label().dataset.chosen}` : (chosen[0] && chosen[0].name) || '';
}

async function take(files) {
  const wanted = [...files].slice(0, many() ? 200 : 1);
  if (!wanted.length) return;
  const chosen = [];
  show(wanted.map((file) => ({ name: file.name, url: URL.createObjectURL(file) })));
  for (const file of wanted) {
    told().textContent = `${label().dataset.sending} ${chosen.length + 1}/${wanted.length}`;
    let answer;
    try {
      answer = await fetch('page/photos?name=' + encodeURIComponent(file.name || 'photo'), {
        method: 'POST', body: file, headers: { 'Content-Type': 'application/octet-stream' },
      });
    } catch { answer = null; }
    if (!answer || !answer.ok) {
      const problem = answer ? await answer.json().catch(() => ({})) : {};
      show([]);
      told().textContent = problem.detail || label().dataset.failed;
      props.value = {};
      return;
    }
    chosen.push({ id: (await answer.json()).id, name: file.name, url: URL.createObjectURL(file) });
  }
  props.value = many() ? { all: chosen } : chosen[0];
  show(chosen);
}

element.addEventListener('change', (event) => { if (event.target.type === 'file') { take(event.target.files); } });
element.addEventListener('dragover', (event) => { event.preventDefault(); label().classList.add('over'); });
element.addEventListener('dragleave', () => label().classList.remove('over'));
element.addEventListener('drop', (event) => {
  event.preventDefault();
  label().classList.remove('over');
  take(event.dataTransfer.files);
});
document.addEventListener('paste', (event) => {
  const files = [...((event.clipboardData && event.clipboardData.files) || [])].filter((file) => file.type.startsWith('image/'));
  if (files.length && element.offsetParent !== null) { event.preventDefault(); take(files); }
});
const again = () => { const value = props.value || {}; show(value.all || (value.id ? [value] : [])); };
watch('value', again);
again();
