(current) => {
  const job = current && current.job;
  const here = new URL(window.location.href);
  if (job) here.searchParams.set('job', job); else here.searchParams.delete('job');
  window.history.replaceState(null, '', here);
  const result = document.getElementById('result');
  if (job && result && window.innerWidth < 900) result.scrollIntoView({ behavior: 'smooth', block: 'start' });
}
