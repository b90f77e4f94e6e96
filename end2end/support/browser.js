// The machine's own Chromium, and the guises it appears in.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const desk = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' };
export const phone = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'light',
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

function findOnPath(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here; the next folder may have it.
      }
    }
  }
  throw new Error(`None of these browsers is installed: ${names.join(', ')}. scripts/setup.sh test installs one.`);
}

/** How Chromium is started. */
export function browserOptions() {
  return {
    executablePath: findOnPath(['chromium', 'chromium-browser', 'google-chrome']),
    args: [
      '--no-sandbox', // containers and root cannot have Chromium's own
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  };
}
