// Watches a page and remembers everything that should never happen on it: scripts that fail or complain, refused content,
// files that do not arrive, pages that break.

/** Starts watching; returns the growing list of what went wrong. */
export function watch(page, { scripts }) {
  const troubles = [];
  const note = (text) => troubles.push(`${text}\n    on ${page.url()}`);

  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser repeats answers of 400 and more here; they are judged below, by what they were asked for.
    if (message.text().startsWith('Failed to load resource')) return;
    // With JavaScript off the browser still fetches ahead for scripts, and then wonders that nobody uses it.
    if (!scripts && message.text().includes('was preloaded using link preload but not used')) return;
    note(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    // On a busy machine the browser gives up a transition between two pages, and says so as if it were an error.
    if (/^Transition was (aborted|skipped)/.test(error.message)) return;
    note(`script error: ${error.name} ${error.stack || error.message}`);
  });
  page.on('requestfailed', (request) => {
    // A page that is left takes its unfinished requests with it.
    const reason = request.failure()?.errorText ?? '';
    if (reason === 'net::ERR_ABORTED') return;
    // With JavaScript off the browser refuses scripts that were to be fetched ahead, and says that it was the policy.
    if (!scripts && request.resourceType() === 'script') return;
    note(`request failed: ${request.url()} (${reason})`);
  });
  page.on('response', (response) => {
    const wasPage = response.request().resourceType() === 'document';
    // A page may say 403 or 404, and a journey says where it expects that; nothing may break or be missing beside it.
    if (response.status() >= (wasPage ? 500 : 400)) note(`answer ${response.status()}: ${response.url()}`);
  });
  return troubles;
}
