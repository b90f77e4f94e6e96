// Visits two addresses in turns, each time in a fresh browser profile: `node visit.mjs PAGE BARE VISITS`.
// Prints as JSON when the largest thing was painted (milliseconds) and what the page loaded (bytes on the wire).
import { createRequire } from "node:module";
import { existsSync } from "node:fs";

const { chromium } = createRequire(new URL("../end2end/", import.meta.url))("playwright-core");
const [page, bare, visits] = process.argv.slice(2);
const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!program) throw new Error("no Chromium is here; scripts/setup.sh test installs one");

const browser = await chromium.launch({
  executablePath: program,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// Largest contentful paint, once nothing moved for a while.
const painted = () => new Promise((resolve) => {
  let last = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) last = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => resolve(last), 400);
});

async function visit(address, watch) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  const files = watch ? await watchLoading(tab) : undefined;
  await tab.goto(address, { waitUntil: "load", timeout: 20000 });
  const paint = await tab.evaluate(painted);
  await context.close();
  return { paint, files: files && [...files.values()].filter((file) => file.done) };
}

async function watchLoading(tab) {
  const files = new Map();
  const wire = await tab.context().newCDPSession(tab);
  await wire.send("Network.enable");
  wire.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.url.startsWith("data:")) return;
    const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
    files.set(requestId, {
      path: new URL(response.url).pathname.replace(/^\/assets\/[0-9a-f]{16}\//, "/assets/…/"),
      encoding: headers["content-encoding"] ?? "plain",
      bytes: 0,
      head: Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 17),
    });
  });
  wire.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    const file = files.get(requestId);
    if (file) file.bytes += encodedDataLength;
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const file = files.get(requestId);
    if (!file) return;
    file.done = true;
    // The whole answer with its head, where the pieces were not told apart.
    if (file.bytes === 0) file.bytes = Math.max(0, encodedDataLength - file.head);
  });
  return files;
}

try {
  await visit(page, false);
  await visit(bare, false);
  const seen = { page: [], bare: [], files: [] };
  for (let round = 0; round < Number(visits); round += 1) {
    const { paint, files } = await visit(page, round === 0);
    if (files) seen.files = files;
    // Watching costs a little, so that visit does not count.
    if (round > 0 || visits === "1") seen.page.push(paint);
    seen.bare.push((await visit(bare, false)).paint);
  }
  console.log(JSON.stringify(seen));
} finally {
  await browser.close();
}
